import CDriverKit
import Hardware
import IOManager
import Image
import Machine
import NTTypes
import PlugAndPlay

extension Kernel {
  /// Adds a device below the root of the tree, builds its stack and starts it.
  ///
  /// The AddDevice routines are called bottom to top, then the device is started, and the children
  /// that it reports get the stacks that ``match(_:to:)`` says. All of that is done when the call
  /// returns. A driver that fails is no error here: ``Device/state``, ``Device/problem`` and
  /// ``DeviceDescription/problemStatus`` say what came of it.
  ///
  /// - Parameters:
  ///   - stack: the drivers, bottom to top; empty: those that ``match(_:to:)`` gives.
  ///   - hardwareIDs: the identifiers of the device, the most exact first.
  ///   - description: a text for people.
  ///   - resources: what the device gets when it is started: those of a simulated device are
  ///     `DeviceBus.resources`, which ``plug(_:)`` gives.
  /// - Throws: ``KernelError`` when there is no memory, or the kernel has ended.
  @discardableResult
  public func addDevice(
    stack: [Driver], hardwareIDs: [String] = [#"ROOT\RING3"#], description: String = "",
    resources: DeviceResources = []
  ) throws(KernelError) -> Device {
    let drivers = stack.compactMap { $0.program.object }
    var device = RootDeviceDescription(hardwareIDs: hardwareIDs)
    device.description = description
    device.resources = resources
    let manager = machine.plugAndPlay
    var status: UInt32 = 0
    let number = try inSystem {
      drivers.withUnsafeBufferPointer { drivers in
        manager.withTree {
          manager.addRootDevice(device, drivers: drivers, status: &status)?.pointee.number
        }
      }
    }
    guard let number else { throw .status(NTStatus(bits: status)) }
    _ = try settleDevices()
    return Device(kernel: self, identifier: number)
  }

  /// Says which drivers, bottom to top, make the stack of devices with an identifier.
  ///
  /// It counts for devices that are found from now on. An empty list takes a match away.
  ///
  /// - Parameters:
  ///   - identifier: a hardware or compatible identifier; `*` for every device that has no other
  ///     match.
  ///   - drivers: the drivers, bottom to top.
  public func match(_ identifier: String, to drivers: [Driver]) throws(KernelError) {
    let drivers = drivers.compactMap { $0.program.object }
    try inSystem { machine.plugAndPlay.match(identifier, to: drivers) }
  }

  /// The devices of the tree, each before those below it.
  public var devices: [Device] {
    deviceDescriptions.map { Device(kernel: self, identifier: $0.identifier) }
  }

  /// What is known of the devices of the tree, each before those below it.
  public var deviceDescriptions: [DeviceDescription] {
    let manager = machine.plugAndPlay
    let list = try? inSystem {
      manager.withTree {
        var list: [DeviceDescription] = []
        var next = manager.root.following(below: manager.root)
        while let node = next {
          list.append(DeviceDescription(node, self))
          next = node.following(below: manager.root)
        }
        return list
      }
    }
    return list ?? []
  }

  /// Waits until all is done that drivers have asked the Plug and Play manager for.
  ///
  /// Calls of ``Device`` and ``addDevice(stack:hardwareIDs:description:resources:)`` do that
  /// themselves; after a request of a process, which may have a bus look for devices, it is
  /// the caller's to do.
  ///
  /// - Parameter seconds: the longest time to wait.
  /// - Returns: whether all is done.
  @discardableResult
  public func settleDevices(seconds: Double = 30) throws(KernelError) -> Bool {
    let milliseconds = UInt64(max(0, min(seconds, 1e6)) * 1000)
    return try inSystem { machine.plugAndPlay.settle(milliseconds: milliseconds) }
  }

  /// The links of the enabled device interfaces of a class, the oldest first.
  public func deviceInterfaces(_ guid: NTTypes.GUID) -> [String] {
    (try? inSystem { machine.plugAndPlay.links(ofClass: guid.layout) }) ?? []
  }
}
