import CDriverKit
import Machine
import Objects

// The security context of a caller: the token of its process.

@c(r3_SeCaptureSubjectContext)
func seCaptureSubjectContext(_ subject: UnsafeMutablePointer<SECURITY_SUBJECT_CONTEXT>) {
  let process = CurrentThread.process
  let token = Machine.current.referencedToken(of: process)
  subject.pointee.ClientToken = nil
  subject.pointee.ImpersonationLevel = SecurityAnonymous
  subject.pointee.PrimaryToken = token
  subject.pointee.ProcessAuditId = UnsafeMutableRawPointer(
    bitPattern: process.pointer.pointee.identifier)
}

/// Tokens never change, so that only the region remains of the lock.
@c(r3_SeLockSubjectContext)
func seLockSubjectContext(_ subject: UnsafeMutablePointer<SECURITY_SUBJECT_CONTEXT>) {
  CurrentThread.enterCriticalRegion()
}

@c(r3_SeUnlockSubjectContext)
func seUnlockSubjectContext(_ subject: UnsafeMutablePointer<SECURITY_SUBJECT_CONTEXT>) {
  CurrentThread.leaveCriticalRegion()
}

@c(r3_SeReleaseSubjectContext)
func seReleaseSubjectContext(_ subject: UnsafeMutablePointer<SECURITY_SUBJECT_CONTEXT>) {
  let tokens = (subject.pointee.PrimaryToken, subject.pointee.ClientToken)
  subject.pointee.PrimaryToken = nil
  subject.pointee.ClientToken = nil
  if let token = tokens.0 { Machine.current.objects.dereference(token) }
  if let token = tokens.1 { Machine.current.objects.dereference(token) }
}

extension UnsafeMutablePointer<SECURITY_SUBJECT_CONTEXT> {
  /// Whose rights count: the client's before those of the process.
  var identity: Identity? {
    guard let token = pointee.ClientToken ?? pointee.PrimaryToken else { return nil }
    return Machine.current.token(token).identity
  }
}
