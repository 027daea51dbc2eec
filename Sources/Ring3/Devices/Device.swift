import CDriverKit
import Hardware
import Machine
import NTTypes
import PlugAndPlay

/// A device in the tree of a kernel: what a bus has reported, with the stack of drivers above it.
///
///     let driver = try kernel.load(path: "toaster.sys")
///     let device = try kernel.addDevice(stack: [driver])
///     print(device.state, device.interfaces)
///     try device.remove()
///
/// What is asked of a device is done before the call returns, and so is what drivers ask for
/// meanwhile. May be used from any thread.
public final class Device: Sendable {
  /// The kernel that the device belongs to.
  public let kernel: Kernel
  /// Never given twice in a kernel.
  public let identifier: UInt64

  init(kernel: Kernel, identifier: UInt64) {
    self.kernel = kernel
    self.identifier = identifier
  }

  private var manager: PlugAndPlay { kernel.machine.plugAndPlay }

  /// Calls `body` with the node, under the tree lock; nil when the device is gone for good.
  private func withNode<R>(_ body: (NodePointer) -> R) throws(KernelError) -> R? {
    try kernel.inSystem { manager.withTree { manager.node(number: identifier).map(body) } }
  }

  /// Has the manager do something with the device, and waits for all that follows.
  ///
  /// - Throws: ``KernelError`` with the status of who refused, or STATUS_NO_SUCH_DEVICE.
  private func perform(_ body: (NodePointer) -> Int32) throws(KernelError) {
    guard let status = try withNode(body) else { throw .status(.noSuchDevice) }
    guard status >= 0, status != Int32(bitPattern: 0x8000_0011) else {
      throw .status(NTStatus(bits: UInt32(bitPattern: status)))
    }
    _ = try kernel.settleDevices()
  }

  // MARK: What it is

  /// Whether the device is still in the tree.
  public var exists: Bool { description != nil }

  /// What is known of the device now; nil when it is gone for good.
  public var description: DeviceDescription? {
    (try? withNode { DeviceDescription($0, kernel) }) ?? nil
  }

  /// How far the device has come; `removed` when it is gone for good.
  public var state: DeviceState { description?.state ?? .removed }

  /// Why the device does not work; nil when it does.
  public var problem: DeviceProblem? { description?.problem }

  /// The devices that this one, a bus, has reported.
  public var children: [Device] {
    let numbers =
      (try? withNode { node in
        var numbers: [UInt64] = []
        var next = node.pointee.firstChild
        while let child = next {
          numbers.append(child.pointee.number)
          next = child.pointee.next
        }
        return numbers
      }) ?? nil
    return (numbers ?? []).map { Device(kernel: kernel, identifier: $0) }
  }

  // MARK: Changing it

  /// Removes the device in an orderly way: IRP_MN_QUERY_REMOVE_DEVICE, then IRP_MN_REMOVE_DEVICE.
  ///
  /// A device that ``Kernel/addDevice(stack:hardwareIDs:description:resources:)`` made is gone for
  /// good then; one that a bus has reported stays in the tree, disabled, and may be started again.
  ///
  /// - Throws: ``KernelError``: the status of the driver that refused, or STATUS_DEVICE_BUSY while
  ///   a file of the device or of one below it is open.
  public func remove() throws(KernelError) {
    try perform { node in
      manager.remove(node, .disabled, isGone: node.pointee.parent == manager.root)
    }
  }

  /// Takes the device away without warning: IRP_MN_SURPRISE_REMOVAL, and IRP_MN_REMOVE_DEVICE when
  /// the last file of it is closed.
  public func surpriseRemove() throws(KernelError) {
    try perform { node in
      manager.surpriseRemove(node, isGone: true)
      manager.finishAllRemovals()
      return 0
    }
  }

  /// Prepares the device to be taken out and has its bus eject it.
  public func eject() throws(KernelError) { try perform { manager.eject($0) } }

  /// Stops the device so that its resources can be changed: IRP_MN_QUERY_STOP_DEVICE, then
  /// IRP_MN_STOP_DEVICE.
  public func stop() throws(KernelError) { try perform { manager.stop($0) } }

  /// Starts the device again after ``stop()``, ``remove()`` or a failure.
  ///
  /// - Parameter resources: what the device gets from now on; nil: what it had.
  /// - Throws: ``KernelError`` with the status that the start failed with.
  public func start(resources: DeviceResources? = nil) throws(KernelError) {
    try perform { node in
      if let resources { manager.setResources(resources, of: node) }
      if node.pointee.state == .stopped { return manager.restart(node) }
      guard !node.hasStack else { return Int32(bitPattern: 0xC000_0184) }
      manager.bringUp(node)
      if node.isStarted { return 0 }
      // A device without drivers failed with no status.
      let status = node.pointee.problemStatus
      return status < 0 ? status : Int32(bitPattern: NTStatus.unsuccessful.bits)
    }
  }

  /// Has the bus asked for its children again, as if it had called IoInvalidateDeviceRelations.
  public func enumerate() throws(KernelError) {
    try perform { node in
      manager.enumerate(node)
      return 0
    }
  }

  // MARK: Power

  /// The state of power that the drivers reported last.
  public var power: DevicePowerState { description?.power ?? .d3 }

  /// Sets the state of power of the device: what PoRequestPowerIrp does for its power policy owner.
  ///
  /// - Throws: ``KernelError`` with the status that the drivers gave.
  public func setPower(_ state: DevicePowerState) throws(KernelError) {
    try perform { manager.setPower(state, of: $0) }
  }

  /// Gives the device's signal to wake: the IRP_MN_WAIT_WAKE that it holds is completed.
  ///
  /// Only a device that the kernel itself made holds one.
  ///
  /// - Returns: whether a driver was waiting for the signal.
  @discardableResult
  public func signalWake() throws(KernelError) -> Bool {
    let wasAwaited = try withNode { manager.signalWake($0) } ?? false
    _ = try kernel.settleDevices()
    return wasAwaited
  }

  // MARK: Interfaces

  /// The links of the enabled interfaces of the device, the oldest first.
  ///
  /// A process opens one with ``UserProcess/open(_:access:sharing:options:)``.
  public var interfaces: [String] {
    ((try? withNode { manager.links(of: $0) }) ?? nil) ?? []
  }
}
