import CRing3Exports
import IOManager
import Machine
import Objects

/// Variables that drivers import from the kernel; each machine has its own.
enum DataExports {
  /// The address of a variable; made with its value at the first import.
  static func address(of name: String, in machine: Machine, for image: String) throws(LoadError)
    -> UnsafeRawPointer
  {
    let table = Images.state(of: machine)
    if let known = table.variables[name] { return UnsafeRawPointer(known) }
    guard let value = value(of: name, in: machine) else {
      throw LoadError(name: image, reason: "imports the variable \(name), which Ring3 lacks")
    }
    let variable = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 16)
    variable.initializeMemory(as: UInt64.self, repeating: 0, count: 8)
    variable.storeBytes(of: value, as: UInt64.self)
    table.variables[name] = variable
    return UnsafeRawPointer(variable)
  }

  private static func value(of name: String, in machine: Machine) -> UInt64? {
    if let kind = objectTypes[name] {
      return UInt64(UInt(bitPattern: machine.objects.type(kind)))
    }
    return switch name {
    case "KeNumberProcessors": UInt64(machine.state.pointee.processors.count)
    case "MmHighestUserAddress": UInt64(UserRange.highest)
    case "MmUserProbeAddress": UInt64(UserRange.end - 0x10000)
    case "MmSystemRangeStart": UInt64(UserRange.end)
    case "NtBuildNumber": 0xF000_0000 | UInt64(SystemVersion.build)
    case "InitSafeBootMode": 0
    case "PsInitialSystemProcess": UInt64(UInt(bitPattern: machine.systemProcess.pointer))
    case "KdDebuggerEnabled": 0
    case "KdDebuggerNotPresent": 1
    default: nil
    }
  }

  private static let objectTypes: [String: Objects.ObjectKind] = [
    "IoFileObjectType": .file, "IoDeviceObjectType": .device, "IoDriverObjectType": .driver,
    "ExEventObjectType": .event, "ExSemaphoreObjectType": .semaphore, "PsThreadType": .thread,
    "PsProcessType": .process, "CmKeyObjectType": .key, "SeTokenObjectType": .token,
    "MmSectionObjectType": .section,
  ]
}
