import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// What a bus driver says of a child; pool of its own, made with the WDFDEVICE_INIT.
struct PdoState {
  var deviceID = PoolText()
  var instanceID = PoolText()
  var containerID = PoolText()
  /// Several texts, with a zero between them.
  var hardwareIDs = PoolText()
  var compatibleIDs = PoolText()
  var texts: UnsafeMutablePointer<DeviceText>?
  var defaultLocale: UInt32 = 0
  /// Whether the device works without a function driver.
  var isRaw = false
  /// Whether the child may be in D0 while its parent is not.
  var isPowerIndependent = false
  /// The place in the list of children; nil before it is added, and after it was taken out.
  var entry: UnsafeMutablePointer<ChildEntry>?
  var list: UnsafeMutablePointer<ChildListBody>?
  /// IRP_MN_WAIT_WAKE of the drivers above, while the child is armed.
  var waitWake: IRPPointer?
  var ejectionRelations: UnsafeMutablePointer<RelatedDevice>?

  mutating func free() {
    deviceID.free()
    instanceID.free()
    containerID.free()
    hardwareIDs.free()
    compatibleIDs.free()
    while let text = texts {
      texts = text.pointee.next
      text.pointee.description.free()
      text.pointee.location.free()
      Machine.current.pool.free(UnsafeMutableRawPointer(text), tag: PnpState.tag)
    }
  }
}

/// Description and location of a child in one language.
struct DeviceText {
  var next: UnsafeMutablePointer<DeviceText>?
  let locale: UInt32
  var description = PoolText()
  var location = PoolText()
}

extension Framework {
  /// The bus's part of a description; nil for one that is of no child.
  func pdo(of description: UnsafeMutablePointer<DeviceInit>) -> UnsafeMutablePointer<PdoState>? {
    description.pointee.role == .bus ? pnp(of: description)?.pointee.child : nil
  }

  /// Begins the description of a child; nil without memory.
  func makePdoInit(_ parent: UnsafeMutablePointer<DeviceBody>) -> UnsafeMutablePointer<DeviceInit>?
  {
    guard let description = makeDeviceInit(parent.pointee.head.globals, .bus) else { return nil }
    description.pointee.parentDevice = parent
    guard let pnp = pnp(of: description),
      let block = machine.pool.allocate(
        MemoryLayout<PdoState>.size, kind: .nonpaged, tag: PnpState.tag)
    else {
      freeDeviceInit(description)
      return nil
    }
    let child = block.bindMemory(to: PdoState.self, capacity: 1)
    child.initialize(to: PdoState())
    pnp.pointee.child = child
    return description
  }
}

extension UnsafeMutablePointer where Pointee == DeviceBody {
  /// What a bus says of this child; nil for other devices.
  var pdo: UnsafeMutablePointer<PdoState>? { pnp?.pointee.child }
}

extension PoolText {
  /// Adds a text behind the others, with a zero between them; false without memory.
  mutating func append(_ string: UnsafePointer<UNICODE_STRING>) -> Bool {
    guard count > 0 else { return set(string) }
    let added = Int(string.pointee.Length) / 2
    guard
      let block = Machine.current.pool.allocate(
        (count + 1 + added) * 2, kind: .nonpaged, tag: DeviceInit.tag, zeroed: true)
    else { return false }
    DriverMemory.copy(to: block, from: start, count * 2)
    DriverMemory.copy(to: block + (count + 1) * 2, from: string.pointee.Buffer, added * 2)
    let total = count + 1 + added
    free()
    start = block.assumingMemoryBound(to: UInt16.self)
    count = total
    return true
  }

  /// A copy in paged pool with two zeros behind it, for who asks and frees it; nil without memory.
  func answer() -> UnsafeMutableRawPointer? {
    guard
      let block = Machine.current.pool.allocate(
        (count + 2) * 2, kind: .paged, tag: PnpState.tag, zeroed: true)
    else { return nil }
    if let start { block.copyMemory(from: start, byteCount: count * 2) }
    return block
  }
}
