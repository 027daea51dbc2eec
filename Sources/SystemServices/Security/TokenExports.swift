import CDriverKit
import Glibc
import Machine
import Memory
import Objects

// Tokens. Nobody impersonates anybody here: a thread has no token of its own.

@c(r3_PsReferencePrimaryToken)
func psReferencePrimaryToken(_ process: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  Process(process).flatMap { Machine.current.referencedToken(of: $0) }
}

@c(r3_PsDereferencePrimaryToken)
func psDereferencePrimaryToken(_ token: UnsafeMutableRawPointer) {
  Machine.current.objects.dereference(token)
}

@c(r3_PsReferenceImpersonationToken)
func psReferenceImpersonationToken(
  _ thread: UnsafeMutableRawPointer, _ copyOnOpen: UnsafeMutablePointer<UInt8>?,
  _ effectiveOnly: UnsafeMutablePointer<UInt8>?, _ level: UnsafeMutablePointer<UInt32>?
) -> UnsafeMutableRawPointer? { nil }

@c(r3_PsDereferenceImpersonationToken)
func psDereferenceImpersonationToken(_ token: UnsafeMutableRawPointer?) {
  if let token { Machine.current.objects.dereference(token) }
}

@c(r3_SeTokenIsAdmin)
func seTokenIsAdmin(_ token: UnsafeMutableRawPointer) -> UInt8 {
  Machine.current.token(token).identity.isAdministrator ? 1 : 0
}

@c(r3_SeTokenIsRestricted)
func seTokenIsRestricted(_ token: UnsafeMutableRawPointer) -> UInt8 { 0 }

/// Always TokenPrimary.
@c(r3_SeTokenType)
func seTokenType(_ token: UnsafeMutableRawPointer) -> UInt32 { 1 }

@c(r3_SeQueryAuthenticationIdToken)
func seQueryAuthenticationIdToken(
  _ token: UnsafeMutableRawPointer, _ identifier: UnsafeMutablePointer<UInt64>
) -> UInt32 {
  let body = Machine.current.token(token)
  identifier.pointee = TokenInformation(token: body).authenticationIdentifier
  return ServiceStatus.success
}

@c(r3_SeQuerySessionIdToken)
func seQuerySessionIdToken(
  _ token: UnsafeMutableRawPointer, _ session: UnsafeMutablePointer<UInt32>
) -> UInt32 {
  session.pointee = 0
  return ServiceStatus.success
}

/// Gives a structure in paged pool, which the caller frees; two classes are values instead.
@c(r3_SeQueryInformationToken)
func seQueryInformationToken(
  _ token: UnsafeMutableRawPointer, _ kind: UInt32,
  _ information: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> UInt32 {
  let machine = Machine.current
  let body = machine.token(token)
  if let value = TokenInformation(token: body).value(kind) {
    UnsafeMutableRawPointer(information).storeBytes(of: value, as: UInt32.self)
    return ServiceStatus.success
  }
  var block: UnsafeMutableRawPointer?
  var byteCount = 0
  let status = machine.tokenInformation(body, kind, into: &block, byteCount: &byteCount)
  if status == ServiceStatus.success { information.pointee = block }
  return status
}

// MARK: By handle

@c(r3_ZwOpenProcessTokenEx)
func zwOpenProcessTokenEx(
  _ process: UInt, _ access: UInt32, _ attributes: UInt32, _ token: UnsafeMutablePointer<UInt>
) -> UInt32 {
  let machine = Machine.current
  var body: UnsafeMutableRawPointer?
  var granted: HandleEntry?
  let status = machine.objects.reference(
    handle: process, access: 0, type: machine.objects.type(.process), mode: 0, into: &body,
    granted: &granted)
  guard status == ServiceStatus.success, let body, let owner = Process(body) else { return status }
  machine.objects.dereference(body)
  guard let object = machine.referencedToken(of: owner) else {
    return ServiceStatus.insufficientResources
  }
  let handle = machine.objects.openHandle(to: object, access: access, attributes: attributes)
  machine.objects.dereference(object)
  guard let handle else { return ServiceStatus.insufficientResources }
  token.pointee = handle
  return ServiceStatus.success
}

@c(r3_ZwOpenThreadTokenEx)
func zwOpenThreadTokenEx(
  _ thread: UInt, _ access: UInt32, _ openAsSelf: UInt32, _ attributes: UInt32,
  _ token: UnsafeMutablePointer<UInt>
) -> UInt32 {
  0xC000_007C  // STATUS_NO_TOKEN
}

@c(r3_ZwQueryInformationToken)
func zwQueryInformationToken(
  _ handle: UInt, _ kind: UInt32, _ buffer: UnsafeMutableRawPointer?, _ length: UInt32,
  _ needed: UnsafeMutablePointer<UInt32>
) -> UInt32 {
  let machine = Machine.current
  var body: UnsafeMutableRawPointer?
  var granted: HandleEntry?
  var status = machine.objects.reference(
    handle: handle, access: 0, type: machine.objects.type(.token), mode: 0, into: &body,
    granted: &granted)
  guard status == ServiceStatus.success, let body else { return status }
  let token = machine.token(body)
  machine.objects.dereference(body)
  var block: UnsafeMutableRawPointer?
  var byteCount = 0
  status = machine.tokenInformation(
    token, kind, for: UInt64(UInt(bitPattern: buffer)), into: &block, byteCount: &byteCount)
  guard status == ServiceStatus.success, let block else { return status }
  needed.pointee = UInt32(byteCount)
  if let buffer, Int(length) >= byteCount {
    memcpy(buffer, block, byteCount)
  } else {
    status = ServiceStatus.bufferTooSmall
  }
  machine.pool.free(block, tag: Machine.tokenTag)
  return status
}
