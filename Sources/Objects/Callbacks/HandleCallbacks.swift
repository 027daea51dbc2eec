import CDriverKit
import CRing3
import Machine

/// The callbacks of one handle that is being opened, by falling altitude.
struct HandleCallbacks {
  private struct Call {
    let registration: UnsafeMutablePointer<ObjectCallbackRegistration>
    let operation: UnsafeMutablePointer<ObjectCallbackRegistration.Operation>
    /// What the first routine left for the second.
    var context: UnsafeMutableRawPointer?
  }

  let body: UnsafeMutableRawPointer
  let type: UnsafeMutableRawPointer?
  let isKernel: Bool
  private var calls: InlineArray<32, Call?> = .init(repeating: nil)
  private var count = 0

  init(_ body: UnsafeMutableRawPointer, type: UnsafeMutableRawPointer?, isKernel: Bool) {
    (self.body, self.type, self.isKernel) = (body, type, isKernel)
  }

  mutating func append(
    _ registration: UnsafeMutablePointer<ObjectCallbackRegistration>,
    _ operation: UnsafeMutablePointer<ObjectCallbackRegistration.Operation>
  ) {
    guard count < calls.count else { return }
    calls[count] = Call(registration: registration, operation: operation)
    count += 1
  }

  /// Calls the routines before a handle is made; gives the rights that they leave of `access`.
  mutating func before(_ access: UInt32) -> UInt32 {
    var parameters = OB_PRE_OPERATION_PARAMETERS()
    parameters.CreateHandleInformation.DesiredAccess = access
    parameters.CreateHandleInformation.OriginalDesiredAccess = access
    return withUnsafeMutablePointer(to: &parameters) { parameters in
      for index in 0..<count {
        guard let call = calls[index], let routine = call.operation.pointee.before else { continue }
        var information = OB_PRE_OPERATION_INFORMATION()
        information.Operation = UInt32(OB_OPERATION_HANDLE_CREATE)
        information.Flags = isKernel ? 1 : 0
        information.Object = body
        information.ObjectType = type
        information.Parameters = parameters
        withUnsafeMutablePointer(to: &information) {
          _ = r3_call2(
            routine, UInt64(UInt(bitPattern: call.registration.pointee.context)),
            UInt64(UInt(bitPattern: $0)))
        }
        calls[index]?.context = information.CallContext
      }
      // A routine may take rights away, not give any.
      return parameters.pointee.CreateHandleInformation.DesiredAccess & access
    }
  }

  /// Calls the routines after it, the other way round, and lets the registrations go.
  func after(status: UInt32, _ access: UInt32, in objects: ObjectManager) {
    var parameters = OB_POST_OPERATION_PARAMETERS()
    parameters.CreateHandleInformation.GrantedAccess = access
    withUnsafeMutablePointer(to: &parameters) { parameters in
      for index in (0..<count).reversed() {
        guard let call = calls[index] else { continue }
        if let routine = call.operation.pointee.after {
          var information = OB_POST_OPERATION_INFORMATION()
          information.Operation = UInt32(OB_OPERATION_HANDLE_CREATE)
          information.Flags = isKernel ? 1 : 0
          information.Object = body
          information.ObjectType = type
          information.CallContext = call.context
          information.ReturnStatus = Int32(bitPattern: status)
          information.Parameters = parameters
          withUnsafeMutablePointer(to: &information) {
            _ = r3_call2(
              routine, UInt64(UInt(bitPattern: call.registration.pointee.context)),
              UInt64(UInt(bitPattern: $0)))
          }
        }
        objects.finishCallback(call.registration)
      }
    }
  }
}

extension ObjectManager {
  /// Opens a handle to a process or thread while drivers watch.
  func openWatchedHandle(
    to body: UnsafeMutableRawPointer, in process: Process, access: UInt32, attributes: UInt32
  ) -> HandleValue? {
    var calls = HandleCallbacks(
      body, type: header(of: body).pointee.type, isKernel: process.isSystem)
    beginCallbacks(calls.type, UInt32(OB_OPERATION_HANDLE_CREATE), &calls)
    let granted = calls.before(access)
    let handle = openHandle(to: body, in: process, access: granted, attributes: attributes)
    calls.after(
      status: handle == nil ? NameStatus.insufficientResources : NameStatus.success, granted,
      in: self)
    return handle
  }

  /// Whether handles to an object are shown to drivers.
  func isWatched(_ body: UnsafeMutableRawPointer) -> Bool {
    hasCallbacks && (isObject(body, .process) || isObject(body, .thread))
  }
}
