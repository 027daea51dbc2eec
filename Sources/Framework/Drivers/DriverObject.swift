import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// A WDFDRIVER: the root of the objects of one driver.
struct DriverBody {
  var head: ObjectHead
  let wdmObject: DriverPointer
  /// EvtDriverDeviceAdd and EvtDriverUnload.
  var deviceAdd: UnsafeMutableRawPointer?
  var unload: UnsafeMutableRawPointer?
  var isNonPnp: Bool
  /// The registry path, ended by a zero; pool of its own.
  var registryPath: UnsafeMutablePointer<UInt16>?
}

extension Framework {
  /// Makes the WDFDRIVER and takes the driver object over: dispatch table, AddDevice, unload.
  func makeDriver(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ wdm: DriverPointer,
    _ path: UnsafePointer<UNICODE_STRING>, _ config: WDF_DRIVER_CONFIG,
    _ attributes: ObjectAttributes
  ) -> Int32 {
    let head = ObjectHead(kind: .driver, globals: globals)
    let isNonPnp = config.DriverInitFlags & UInt32(WdfDriverInitNonPnpDriver.rawValue) != 0
    if config.DriverPoolTag != 0 { globals.pointee.visible.DriverTag = config.DriverPoolTag }
    let body = DriverBody(
      head: head, wdmObject: wdm, deviceAdd: UnsafeMutableRawPointer(config.EvtDriverDeviceAdd),
      unload: UnsafeMutableRawPointer(config.EvtDriverUnload), isNonPnp: isNonPnp)
    guard let driver = make(body, attributes) else { return FrameworkStatus.insufficientResources }
    let object = FrameworkObject(driver)
    guard let text = copyPath(path) else {
      discard(object)
      return FrameworkStatus.insufficientResources
    }
    driver.pointee.registryPath = text
    object.head.pointee.flags.insert(.undeletable)
    if attributes.executionLevel == .inherit { object.head.pointee.executionLevel = .dispatch }
    if attributes.synchronizationScope == .inherit {
      object.head.pointee.synchronizationScope = .none
    }
    globals.pointee.driver = object.head
    globals.pointee.visible.Driver = UnsafeMutableRawPointer(bitPattern: UInt(object.handle))

    globals.pointee.visible.DriverFlags |= config.DriverInitFlags
    let isMiniport =
      config.DriverInitFlags & UInt32(WdfDriverInitNoDispatchOverride.rawValue) != 0
    globals.pointee.visible.DisplaceDriverUnload =
      config.EvtDriverUnload != nil || !isMiniport && !isNonPnp ? 1 : 0
    if isMiniport {
      // Another model has the driver object; this one ends by WdfDriverMiniportUnload.
      driver.pointee.deviceAdd = nil
      driver.pointee.unload = nil
    } else {
      takeOver(wdm, isNonPnp: isNonPnp, hasUnload: config.EvtDriverUnload != nil)
    }
    return 0
  }

  /// Puts the framework's routines into a driver object.
  private func takeOver(_ wdm: DriverPointer, isNonPnp: Bool, hasUnload: Bool) {
    let table = dispatchTable(wdm)
    for index in 0...Int(IRP_MJ_MAXIMUM_FUNCTION) { table[index] = FrameworkRoutines.dispatch }
    machine.io.state.pointee.ownDispatch = FrameworkRoutines.dispatch
    machine.io.state.pointee.ownDispatchBody = dispatchRoutine
    wdm.pointee.DriverExtension.pointee.AddDevice =
      isNonPnp ? nil : FrameworkRoutines.addDevice
    wdm.pointee.DriverUnload = !isNonPnp || hasUnload ? FrameworkRoutines.unload : nil
  }

  private func copyPath(_ path: UnsafePointer<UNICODE_STRING>) -> UnsafeMutablePointer<UInt16>? {
    let count = Int(path.pointee.Length) / 2
    guard
      let block = machine.pool.allocate(
        count * 2 + 2, kind: .nonpaged, tag: Self.globalsTag, zeroed: true)
    else { return nil }
    if count > 0 { memcpy(block, path.pointee.Buffer, count * 2) }
    return block.assumingMemoryBound(to: UInt16.self)
  }

  /// The WDFDRIVER of a driver object; nil when it is not bound, or made none.
  func driver(of wdm: DriverPointer) -> UnsafeMutablePointer<DriverBody>? {
    state.pointee.lock.lock()
    var next = state.pointee.drivers
    while let globals = next, globals.pointee.driverObjectWDM != wdm { next = globals.pointee.next }
    state.pointee.lock.unlock()
    guard let head = next?.pointee.driver else { return nil }
    return FrameworkObject(head).body(as: DriverBody.self)
  }

  /// Looks at what DriverEntry has done, when it was one of a driver that is bound.
  func checkStart(of wdm: DriverPointer) {
    state.pointee.lock.lock()
    var next = state.pointee.drivers
    while let globals = next, globals.pointee.driverObjectWDM != wdm { next = globals.pointee.next }
    state.pointee.lock.unlock()
    guard let globals = next else { return }
    // A driver with devices of its own works without the framework, though it is linked with it.
    if globals.pointee.driver == nil, wdm.pointee.DeviceObject == nil,
      wdm.pointee.DriverExtension?.pointee.AddDevice == nil
    {
      machine.report(
        0x10D, Violation.objectError.rawValue, 0, 0, 0, rule: "DriverCreate")
    }
    checkControlDevices(of: wdm, rule: "CtlDeviceFinishInitDrEntry")
  }

  static let driverClass = ObjectClass(
    destroy: { address in
      let body = address.assumingMemoryBound(to: DriverBody.self)
      body.pointee.head.globals.pointee.driver = nil
      if let path = body.pointee.registryPath {
        Machine.current.pool.free(UnsafeMutableRawPointer(path))
      }
    }, isPassive: true)
}

/// The unload routine of every framework driver: its callback, then all its objects.
let unloadRoutine: @convention(c) (DriverPointer) -> Void = { wdm in
  guard let driver = Framework.current.driver(of: wdm) else { return }
  let object = FrameworkObject(driver)
  if let routine = driver.pointee.unload { _ = r3_call1(routine, object.handle) }
  // The driver's code is needed until the last callback has returned.
  let globals = object.globals
  globals.waitForDeferred()
  object.delete()
  globals.waitForDeferred()
}
