import CDriverKit
import CRing3
import Machine
import Objects

/// A callback has done an operation itself: the system does not.
private let callbackBypass: UInt32 = 0xC000_0503

extension Registry {
  /// Does something with the key behind a handle, and shows it to drivers before and after.
  ///
  /// - Parameters:
  ///   - contextAt: where the callback's own context lies in the information.
  ///   - information: makes what drivers are shown of the key object.
  func watched<Information>(
    _ handle: UInt, _ before: REG_NOTIFY_CLASS, _ after: REG_NOTIFY_CLASS, contextAt: Int,
    _ information: (UnsafeMutableRawPointer) -> Information, _ operation: () -> UInt32
  ) -> UInt32 {
    guard hasCallbacks else { return operation() }
    return withKeyObject(handle) { object in
      watched(
        before, after, contextAt: contextAt, information(object), object: { object }, operation)
    }
  }

  /// Does an operation and shows it to drivers before and after.
  func watched<Information>(
    _ before: REG_NOTIFY_CLASS, _ after: REG_NOTIFY_CLASS, contextAt: Int,
    _ information: Information, object: () -> UnsafeMutableRawPointer?, _ operation: () -> UInt32
  ) -> UInt32 {
    var information = information
    return withUnsafeMutablePointer(to: &information) {
      let shown = UnsafeMutableRawPointer($0)
      var calls = RegistryCalls()
      begin(&calls)
      var (status, called) = (ServiceStatus.success, 0)
      let isDone = !callBefore(&calls, before, shown, contextAt, &status, &called)
      if !isDone { status = operation() }
      for index in (0..<called).reversed() {
        callAfter(calls, index, after, shown, object(), &status)
      }
      finish(calls)
      return status
    }
  }

  /// Calls the routines before the operation, as long as each agrees.
  ///
  /// - Returns: whether the operation is to be done; otherwise `status` is its result.
  private func callBefore(
    _ calls: inout RegistryCalls, _ kind: REG_NOTIFY_CLASS, _ shown: UnsafeMutableRawPointer,
    _ contextAt: Int, _ status: inout UInt32, _ called: inout Int
  ) -> Bool {
    while called < calls.count {
      shown.storeBytes(of: nil, toByteOffset: contextAt, as: UnsafeMutableRawPointer?.self)
      let answer = call(calls.callbacks[called], kind, shown)
      calls.contexts[called] = shown.load(
        fromByteOffset: contextAt, as: UnsafeMutableRawPointer?.self)
      if answer >> 31 != 0 {
        // Who refuses, or has done it, is not called again.
        status = answer == callbackBypass ? ServiceStatus.success : answer
        return false
      }
      called += 1
    }
    return true
  }

  private func callAfter(
    _ calls: RegistryCalls, _ index: Int, _ kind: REG_NOTIFY_CLASS,
    _ shown: UnsafeMutableRawPointer, _ object: UnsafeMutableRawPointer?, _ status: inout UInt32
  ) {
    var information = REG_POST_OPERATION_INFORMATION()
    information.Object = object
    information.Status = Int32(bitPattern: status)
    information.ReturnStatus = information.Status
    information.PreInformation = shown
    information.CallContext = calls.contexts[index]
    let answer = withUnsafeMutablePointer(to: &information) {
      call(calls.callbacks[index], kind, UnsafeMutableRawPointer($0))
    }
    if answer == callbackBypass { status = UInt32(bitPattern: information.ReturnStatus) }
  }

  private func call(
    _ callback: UnsafeMutablePointer<RegistryCallback>?, _ kind: REG_NOTIFY_CLASS,
    _ information: UnsafeMutableRawPointer
  ) -> UInt32 {
    guard let callback else { return ServiceStatus.success }
    let thread = CurrentThread.thread.pointer
    let outer = thread.pointee.registryCallback
    thread.pointee.registryCallback = UnsafeMutableRawPointer(callback)
    let answer = r3_call3(
      callback.pointee.routine, UInt64(UInt(bitPattern: callback.pointee.context)),
      UInt64(kind.rawValue), UInt64(UInt(bitPattern: information)))
    thread.pointee.registryCallback = outer
    return UInt32(truncatingIfNeeded: answer)
  }
}

/// A handle of a key was closed: drivers are shown that; they cannot prevent it.
let keyHandleClosed: @convention(c) (UnsafeMutableRawPointer, UInt64) -> Void = { body, _ in
  let registry = Machine.current.registry
  guard registry.hasCallbacks else { return }
  let information = REG_KEY_HANDLE_CLOSE_INFORMATION(
    Object: body, CallContext: nil, ObjectContext: nil, Reserved: nil)
  _ = registry.watched(
    RegNtPreKeyHandleClose, RegNtPostKeyHandleClose,
    contextAt: MemoryLayout<REG_KEY_HANDLE_CLOSE_INFORMATION>.offset(of: \.CallContext)!,
    information, object: { body }
  ) { ServiceStatus.success }
}
