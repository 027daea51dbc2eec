import CDriverKit
import CRing3
import Hardware
import IOManager
import Machine
import NTTypes
import Objects

extension PlugAndPlay {
  /// Builds the stack of a device and starts it; then its children.
  ///
  /// At the end the device is started, or has a problem that says why not. Under the tree lock.
  package func bringUp(_ node: NodePointer) {
    if node.pointee.state == .uninitialized { initialize(node) }
    guard node.pointee.state == .initialized || node.pointee.state == .removed else { return }
    if node.pointee.isGone { return }
    node.pointee.problem = 0
    node.pointee.problemStatus = 0
    guard findDrivers(for: node) || node.pointee.capabilities.RawDeviceOK != 0 else {
      setProblem(.failedInstall, 0, of: node)
      return
    }
    recordDrivers(of: node)
    guard addDevices(node) else { return }
    start(node)
  }

  func setProblem(_ problem: DeviceProblem, _ status: Int32, of node: NodePointer) {
    node.pointee.problem = problem.rawValue
    node.pointee.problemStatus = status
  }

  /// Calls the AddDevice routines, bottom to top; when one fails the stack is taken down again.
  private func addDevices(_ node: NodePointer) -> Bool {
    node.pointee.state = .driversAdded
    for index in 0..<node.pointee.driverCount {
      guard let drivers = node.pointee.drivers else { return false }
      let status = callAddDevice(drivers[index], node)
      guard status >= 0 else {
        removeStack(node)
        setProblem(.failedAdd, status, of: node)
        return false
      }
    }
    setExtensionFlags(of: node, DeviceRecord.startPending, isOn: true)
    return true
  }

  private func callAddDevice(_ driver: DriverPointer, _ node: NodePointer) -> Int32 {
    guard let routine = driver.pointee.DriverExtension.pointee.AddDevice else {
      return PnpStatus.invalidDeviceRequest
    }
    let status = Int32(
      truncatingIfNeeded: r3_call2(routine, bits(driver), bits(node.pointee.device)))
    checkStack(node)
    return status
  }

  /// Every device of a stack must be ready when AddDevice returns: Driver Verifier looks at that.
  private func checkStack(_ node: NodePointer) {
    guard machine.verifier.contains(.ioVerification) else { return }
    var next = node.pointee.device?.pointee.AttachedDevice
    while let device = next {
      if device.pointee.Flags & UInt32(DO_DEVICE_INITIALIZING) != 0 {
        machine.bugCheck(
          0xC9, 0x243, bits(device),
          causes: Causes(.allocated, io.deviceRecord(device).pointee.maker))
      }
      next = device.pointee.AttachedDevice
    }
  }

  /// Sets or clears flags on every device of a stack.
  func setExtensionFlags(of node: NodePointer, _ flags: UInt32, isOn: Bool) {
    var next = node.pointee.device
    while let device = next {
      if isOn {
        io.deviceRecord(device).pointee.head.ExtensionFlags |= flags
      } else {
        io.deviceRecord(device).pointee.head.ExtensionFlags &= ~flags
      }
      next = device.pointee.AttachedDevice
    }
  }

  /// Starts a device whose stack is built, and then its children.
  func start(_ node: NodePointer) {
    let status = sendStart(node)
    guard status >= 0 else {
      removeStack(node)
      setProblem(.failedStart, status, of: node)
      return
    }
    _ = queryCapabilities(node)
    checkState(node)
    if node.pointee.state == .started { enumerate(node) }
  }

  /// Gives the device its resources and has it started.
  private func sendStart(_ node: NodePointer) -> Int32 {
    guard let device = node.pointee.device else { return PnpStatus.success }
    assignResources(node)
    machine.hardware.assign(node.pointee.resources.resources, to: device)
    let raw = node.pointee.resources.raw
    let translated = node.pointee.resources.translated
    var information: UInt = 0
    let status = send(IRP_MN_START_DEVICE, to: device, &information) { location in
      location.pointee.Parameters.StartDevice.AllocatedResources = raw
      location.pointee.Parameters.StartDevice.AllocatedResourcesTranslated = translated
    }
    guard status >= 0 else { return status }
    setExtensionFlags(of: node, DeviceRecord.startPending, isOn: false)
    node.pointee.state = .started
    node.pointee.problem = 0
    return status
  }

  /// Asks a started device for its state and does what follows from it.
  func checkState(_ node: NodePointer) {
    guard node.pointee.state == .started else { return }
    let state = queryState(node)
    if state & UInt32(PNP_DEVICE_REMOVED) != 0 {
      fail(node, .failedPostStart)
    } else if state & UInt32(PNP_DEVICE_FAILED) != 0 {
      fail(
        node,
        state & UInt32(PNP_DEVICE_RESOURCE_REQUIREMENTS_CHANGED) != 0
          ? .failedStart : .failedPostStart)
    } else if state & UInt32(PNP_DEVICE_DISABLED) != 0 {
      fail(node, .hardwareDisabled)
    } else if state & UInt32(PNP_DEVICE_RESOURCE_REQUIREMENTS_CHANGED) != 0 {
      _ = rebalance(node)
    }
  }

  /// The drivers say that the device does not work: it goes as by surprise, and its node stays.
  private func fail(_ node: NodePointer, _ problem: DeviceProblem) {
    setProblem(problem, 0, of: node)
    surpriseRemove(node, isGone: false)
    finishAllRemovals()
  }
}
