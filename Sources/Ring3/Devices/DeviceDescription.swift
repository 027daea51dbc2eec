import CDriverKit
import IOManager
import NTTypes
import PlugAndPlay

/// What is known of a device at one moment.
public struct DeviceDescription: Sendable, Hashable {
  /// Never given twice in a kernel.
  public let identifier: UInt64
  /// Its path in the registry, such as `ROOT\RING3\0000`; empty before the bus has said it.
  public let path: String
  /// Its hardware identifiers, the most exact first.
  public let hardwareIDs: [String]
  /// How far it has come.
  public let state: DeviceState
  /// Why it does not work; nil when it does.
  public let problem: DeviceProblem?
  /// The status that a driver failed with; nil when no driver failed.
  public let problemStatus: NTStatus?
  /// The drivers of its device objects, bottom to top, the bus's first.
  public let stack: [String]
  /// The state of power that the drivers reported last.
  public let power: DevicePowerState
  /// Files that are open on it.
  public let openFileCount: Int
  /// How many devices stand above it in the tree.
  public let depth: Int
  /// Whether its drivers said which children it has, if only that it has none.
  public let isBus: Bool

  init(_ node: NodePointer, _ kernel: Kernel) {
    let manager = kernel.machine.plugAndPlay
    identifier = node.pointee.number
    path = node.pointee.instancePath.string
    hardwareIDs = node.pointee.hardwareIDs.strings
    state = node.pointee.state
    problem = node.pointee.problem == 0 ? nil : DeviceProblem(rawValue: node.pointee.problem)
    problemStatus =
      node.pointee.problemStatus == 0
      ? nil : NTStatus(bits: UInt32(bitPattern: node.pointee.problemStatus))
    power = DevicePowerState(rawValue: node.pointee.devicePower) ?? .d0
    openFileCount = manager.openCount(of: node)
    isBus = node.pointee.answersBusRelations
    var depth = 0
    var parent = node.pointee.parent
    while let above = parent?.pointee.parent {
      depth += 1
      parent = above
    }
    self.depth = depth
    stack = Self.drivers(node)
  }

  private static func drivers(_ node: NodePointer) -> [String] {
    var names: [String] = []
    var next = node.pointee.device
    while let device = next {
      if let name = device.pointee.DriverObject?.pointee.DriverName {
        let text = UnsafeBufferPointer(start: name.Buffer, count: Int(name.Length) / 2)
        names.append(String(decoding: text, as: UTF16.self))
      }
      next = device.pointee.AttachedDevice
    }
    return names
  }
}
