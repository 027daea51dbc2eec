import CDriverKit
import CRing3
import Machine
import NTTypes
import Memory

/// The signatures of buffers that are not to change.
struct InvariantBuffers {
  struct Entry {
    var irp: UInt = 0
    var mdl: UInt = 0
    var signature: UInt64 = 0
    /// Where the request was sent when the buffer was first seen.
    var stack: StackNumber = 0
  }

  static let capacity = 128

  var lock = MachineLock()
  private var entries: UnsafeMutablePointer<Entry>?

  mutating func destroy() { entries?.deallocate() }

  /// The entry of a request; nil when its buffer was not seen.
  mutating func find(_ irp: UInt) -> UnsafeMutablePointer<Entry>? {
    guard let entries else { return nil }
    for index in 0..<Self.capacity where entries[index].irp == irp { return entries + index }
    return nil
  }

  /// Enters a buffer; with too many of them it is not looked at.
  mutating func enter(_ entry: Entry) {
    if entries == nil {
      entries = .allocate(capacity: Self.capacity)
      entries?.initialize(repeating: Entry(), count: Self.capacity)
    }
    if let place = find(0) { place.pointee = entry }
  }
}

// The class `invariantMDL`: the buffer of a write does not change while drivers have the request, that
// of a read not on the way down.
//
// A program's buffer is mapped for reading only, see `MappingGuards`: the program may change it itself.
// All others are compared by a signature of their contents whenever the request is sent or completed.
extension IOManager {
  /// A request is sent to a driver.
  func checkInvariance(_ irp: IRPPointer) {
    let function = Int32(nextLocation(irp).pointee.MajorFunction)
    guard function == IRP_MJ_READ || function == IRP_MJ_WRITE,
      let mdl = Mdl(irp.pointee.MdlAddress),
      function == IRP_MJ_READ || mdl.process == nil, let signature = signature(of: mdl)
    else { return }
    let rule: UInt64 = function == IRP_MJ_READ ? 0x1011 : 0x1010
    if compare(irp, mdl, signature, rule) { return }
    let stack = machine.noteStack()
    state.pointee.invariants.lock.lock()
    state.pointee.invariants.enter(
      InvariantBuffers.Entry(
        irp: UInt(bitPattern: irp), mdl: UInt(bitPattern: mdl.pointer), signature: signature,
        stack: stack))
    state.pointee.invariants.lock.unlock()
  }

  /// A driver completes a request: a write's buffer is the same, a read's may have been filled.
  func checkInvarianceAtCompletion(_ irp: IRPPointer) {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation
    let isWrite = location.map { Int32($0.pointee.MajorFunction) == IRP_MJ_WRITE } ?? false
    if isWrite, irp.pointee.CurrentLocation <= irp.pointee.StackCount,
      let mdl = Mdl(irp.pointee.MdlAddress), let signature = signature(of: mdl)
    {
      _ = compare(irp, mdl, signature, 0x1010)
    }
    forgetInvariance(irp)
  }

  private func forgetInvariance(_ irp: IRPPointer) {
    state.pointee.invariants.lock.lock()
    state.pointee.invariants.find(UInt(bitPattern: irp))?.pointee.irp = 0
    state.pointee.invariants.lock.unlock()
  }

  /// Whether the buffer was seen before; it must be the same.
  private func compare(_ irp: IRPPointer, _ mdl: Mdl, _ signature: UInt64, _ rule: UInt64) -> Bool {
    state.pointee.invariants.lock.lock()
    let entry = state.pointee.invariants.find(UInt(bitPattern: irp))?.pointee
    state.pointee.invariants.lock.unlock()
    guard let entry else { return false }
    if entry.mdl != UInt(bitPattern: mdl.pointer) {
      // Another buffer was put into the request.
      forgetInvariance(irp)
      return false
    }
    if entry.signature != signature {
      machine.bugCheck(
        0xC4, rule, bits(irp), bits(mdl.pointer), causes: Causes(.sent, entry.stack))
    }
    return true
  }

  /// A signature of the contents; nil when the pages are no RAM.
  private func signature(of mdl: Mdl) -> UInt64? {
    guard !mdl.flags.isDisjoint(with: [.pagesLocked, .sourceIsNonpagedPool, .partial]),
      !mdl.flags.contains(.ioSpace)
    else { return nil }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var offset = mdl.byteOffset
    var left = mdl.byteCount
    for index in 0..<mdl.pageCount {
      let frame = mdl.pfn(index)
      guard frame < UInt64(machine.state.pointee.memory.frameCount) else { return nil }
      let bytes = machine.state.pointee.memory.address(of: Int(frame)) + offset
      let count = min(left, pageSize - offset)
      var place = 0
      while place + 8 <= count {
        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
        place += 8
      }
      while place < count {
        hash = (hash ^ UInt64(bytes.load(fromByteOffset: place, as: UInt8.self))) &* 0x100_0000_01B3
        place += 1
      }
      left -= count
      offset = 0
    }
    return hash
  }
}
