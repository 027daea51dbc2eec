import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// What becomes of a WDFDEVICE_INIT.
enum DeviceRole: UInt8 {
  case control, function, filter, bus
  /// Made over the device object of a driver whose dispatch table is another model's.
  case miniport
}

/// A device as it is being described: what `PWDFDEVICE_INIT` points to.
///
/// Pool of its own; WdfDeviceCreate or WdfDeviceInitFree ends it.
struct DeviceInit {
  let signature = Self.live
  let globals: UnsafeMutablePointer<DriverGlobals>
  var role: DeviceRole
  /// The device below: the physical device object of a function or filter device.
  var physicalDevice: DevicePointer?
  /// The bus device that makes a child.
  var parentDevice: UnsafeMutablePointer<DeviceBody>?
  var deviceType: UInt32
  var characteristics: UInt32 = 0x100  // FILE_DEVICE_SECURE_OPEN
  var isExclusive = false
  /// `WDF_DEVICE_IO_TYPE` of reads and writes, and of control requests that say it by their method.
  var readWriteType: UInt32 = 2
  var controlType: UInt32 = 2
  var directThreshold: UInt32 = 0
  /// Name and security of the device, as texts in pool; empty for none.
  var name = PoolText()
  var sddl = PoolText()
  var deviceClass: GUID?
  var fileConfig: WDF_FILEOBJECT_CONFIG?
  var fileAttributes = ObjectAttributes()
  var requestAttributes = ObjectAttributes()
  var inCallerContext: UnsafeMutableRawPointer?
  /// Routines that see IRPs before the framework, by major function.
  var preprocess: UnsafeMutablePointer<PreprocessTable>?
  var allowsSelfTarget = false
  /// What is told of Plug and Play and power; owned by the folder that handles them.
  var pnp: UnsafeMutableRawPointer?
  /// EvtDeviceShutdownNotification, and when it is called: WDF_DEVICE_SHUTDOWN_FLAGS.
  var shutdown: UnsafeMutableRawPointer?
  var shutdownFlags: UInt32 = 0
  /// Whether requests to a bus's child may be forwarded to the bus device's queues.
  var forwardsToParent = false

  static let live: UInt64 = 0x5233_4749_4E49_5446
  static var tag: UInt32 { 0x6E49_7846 }  // FxIn
}

/// A text in pool that something owns.
struct PoolText {
  var start: UnsafeMutablePointer<UInt16>?
  var count = 0

  /// Copies the characters of a string; false without memory.
  mutating func set(_ string: UnsafePointer<UNICODE_STRING>?) -> Bool {
    free()
    guard let string, string.pointee.Length > 0 else { return true }
    let byteCount = Int(string.pointee.Length) & ~1
    guard
      let block = Machine.current.pool.allocate(
        byteCount, kind: .nonpaged, tag: DeviceInit.tag)
    else { return false }
    DriverMemory.copy(to: block, from: string.pointee.Buffer, byteCount)
    start = block.assumingMemoryBound(to: UInt16.self)
    count = byteCount / 2
    return true
  }

  /// Copies characters of the system's own; false without memory.
  mutating func set(_ characters: UnsafeBufferPointer<UInt16>) -> Bool {
    withUnsafePointer(
      to: UNICODE_STRING(
        Length: UInt16(characters.count * 2), MaximumLength: UInt16(characters.count * 2),
        Buffer: UnsafeMutablePointer(mutating: characters.baseAddress))
    ) { set($0) }
  }

  mutating func free() {
    if let start { Machine.current.pool.free(UnsafeMutableRawPointer(start), tag: DeviceInit.tag) }
    start = nil
    count = 0
  }

  /// The text as a counted string.
  var string: UNICODE_STRING {
    UNICODE_STRING(
      Length: UInt16(count * 2), MaximumLength: UInt16(count * 2), Buffer: start)
  }
}

/// Routines of a driver that see IRPs before the framework does.
struct PreprocessTable {
  struct Entry {
    var routine: UnsafeMutableRawPointer?
    /// The minor functions that it is for; none for all.
    var minors: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var hasMinors = false

    func contains(_ minor: UInt8) -> Bool {
      guard hasMinors else { return true }
      let words = [minors.0, minors.1, minors.2, minors.3]
      return words[Int(minor >> 6)] >> UInt64(minor & 63) & 1 != 0
    }
  }

  var entries = InlineArray<28, Entry>(repeating: Entry())
}

extension Framework {
  /// Begins the description of a device; nil without memory.
  func makeDeviceInit(_ globals: UnsafeMutablePointer<DriverGlobals>, _ role: DeviceRole)
    -> UnsafeMutablePointer<DeviceInit>?
  {
    guard
      let block = machine.pool.allocate(
        MemoryLayout<DeviceInit>.size, kind: .nonpaged, tag: DeviceInit.tag)
    else { return nil }
    let result = block.bindMemory(to: DeviceInit.self, capacity: 1)
    result.initialize(
      to: DeviceInit(globals: globals, role: role, deviceType: UInt32(FILE_DEVICE_UNKNOWN)))
    if role == .filter { result.pointee.characteristics = 0 }
    return result
  }

  /// Frees a description and what it owns, but for what a device took over.
  func freeDeviceInit(_ description: UnsafeMutablePointer<DeviceInit>) {
    freePnp(of: description)
    description.pointee.name.free()
    description.pointee.sddl.free()
    if let table = description.pointee.preprocess {
      machine.pool.free(UnsafeMutableRawPointer(table), tag: DeviceInit.tag)
    }
    UnsafeMutableRawPointer(description).storeBytes(of: 0, as: UInt64.self)
    machine.pool.free(UnsafeMutableRawPointer(description), tag: DeviceInit.tag)
  }

  /// The description that a driver's pointer points to.
  func deviceInit(_ address: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<DeviceInit> {
    guard let address else { refuseDeviceInit() }
    let description = address.assumingMemoryBound(to: DeviceInit.self)
    guard description.pointee.signature == DeviceInit.live else {
      violation(.requiredParameter, bits(address), rule: "DeviceInitAPI")
    }
    return description
  }

  /// There is no description: WdfDeviceCreate has taken it, or there was no memory for one.
  @inline(never)
  private func refuseDeviceInit() -> Never {
    let frame = CurrentThread.pointer.pointee.frames
    violation(
      .requiredParameter, frame.map { $0.pointee.target } ?? 0, frame.map { $0.pointee.rip } ?? 0,
      rule: "DeviceInitAPI")
  }
}
