import CDriverKit
import IOManager
import Machine

// Drivers of this program: they are bound without a table of functions, and call these by name.
extension Framework {
  /// Binds a driver that is no image: gives it globals of the newest version; nil without memory.
  ///
  /// - Parameter path: its registry path, whose end is its name.
  package func bindNative(_ driver: DriverPointer, _ path: UnsafePointer<UNICODE_STRING>)
    -> UnsafeMutableRawPointer?
  {
    let globals = makeGlobals(driver, path, minorVersion: Self.newestMinor)
    return globals.map { UnsafeMutableRawPointer($0) }
  }

  /// Deletes what is left of the driver's objects, then its globals.
  package func unbind(_ globals: UnsafeMutableRawPointer) { unbind(DriverGlobals.of(globals)) }

  /// Calls the unload routine that ``bindNative(_:_:)`` and WdfDriverCreate left in the driver object.
  package func unload(_ driver: DriverPointer) { unloadRoutine(driver) }

  /// Gives a WDFDRIVER its EvtDriverUnload after it was made.
  package func setUnload(of handle: UInt64, _ routine: UnsafeMutableRawPointer) {
    let driver = body(handle, .driver, as: DriverBody.self)
    driver.pointee.unload = routine
    driver.pointee.wdmObject.pointee.DriverUnload = FrameworkRoutines.unload
  }

  // MARK: Handles

  /// Whether a handle stands for an object that is not destroyed.
  @inline(__always)
  package func isLive(_ handle: UInt64) -> Bool {
    guard let head = state.pointee.handles.object(handle) else { return false }
    return head.pointee.kind != .none && head.pointee.stage != .released
  }

  /// What the functions want as their first argument for an object.
  @inline(__always)
  package func globals(of handle: UInt64) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(objectForContext(handle).globals)
  }

  /// The context of a type; nil when the object has none of it.
  @inline(__always)
  package func context(
    of handle: UInt64, typed type: UnsafePointer<WDF_OBJECT_CONTEXT_TYPE_INFO>
  ) -> UnsafeMutableRawPointer? {
    objectForContext(handle).context(UnsafeMutableRawPointer(mutating: type))
  }

  /// The stack location of the driver in the IRP of a request.
  @inline(__always)
  package func location(of request: UInt64) -> StackPointer { self.request(request).location }
}
