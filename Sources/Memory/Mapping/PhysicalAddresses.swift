import CRing3
import Machine

// Which frame is behind a system address.
//
// RAM has the low frame numbers. Memory of the host that a driver may point to - a kernel stack, the
// data of an image - has no frame; its number is its address divided by the page size, far above RAM and
// devices.
extension Machine {
  /// The first frame number that stands for memory of the host.
  static var firstHostFrame: UInt64 { UInt64(UserRange.end) >> 12 }

  /// The frames behind pages of system space; false when one of them is no memory.
  func readFrames(_ page: UInt, _ count: Int, into frames: UnsafeMutablePointer<UInt64>) -> Bool {
    guard count > 0 else { return true }
    let (last, overflow) = page.addingReportingOverflow(UInt(count << pageShift) - 1)
    guard !overflow, page >= UserRange.end else { return false }
    let memory = state.pointee.memory.base
    let limit = UInt(state.pointee.memory.frameCount) << 12
    if page &- memory < limit, last &- memory < limit {
      let first = UInt64(page - memory) >> 12
      for index in 0..<count { frames[index] = first &+ UInt64(index) }
      return true
    }
    for index in 0..<count {
      guard let frame = frame(behind: page + UInt(index << pageShift)) else { return false }
      frames[index] = frame
    }
    return true
  }

  /// The frame behind any system address; nil when nothing is there.
  func frame(behind address: UInt) -> UInt64? {
    if let frame = state.pointee.memory.frame(of: address) { return UInt64(frame) }
    if let window = window(at: address) {
      let index = Int((address - window.pointee.base) >> 12)
      return index < window.pointee.mappedCount ? window.pointee.frames[index] : nil
    }
    return isHostMemory(address) ? UInt64(address) >> 12 : nil
  }

  /// Whether the host shows something at a system address that is neither RAM nor a window.
  private func isHostMemory(_ address: UInt) -> Bool {
    let thread = CurrentThread.pointer
    if UInt64(address) >= thread.pointee.stackLimit, UInt64(address) < thread.pointee.stackBase {
      return true
    }
    guard let pointer = UnsafeRawPointer(bitPattern: address) else { return false }
    return r3_is_readable(pointer)
  }

  /// The physical address behind a system address, or a resident user address of the current process.
  package func physicalAddress(behind address: UInt) -> UInt64? {
    let offset = UInt64(address & pageMask)
    if address < UserRange.end {
      guard let entry = CurrentThread.process.pointer.pointee.space.entry(at: address),
        entry.pointee.isCommitted, entry.pointee.isResident
      else { return nil }
      return UInt64(entry.pointee.frame) << 12 | offset
    }
    return frame(behind: address).map { $0 << 12 | offset }
  }

  /// The system address that adjacent frames have anyway; nil for device memory.
  package func systemAddress(of first: UInt64, _ count: Int) -> UInt? {
    if first < UInt64(state.pointee.memory.frameCount) {
      guard first + UInt64(count) <= UInt64(state.pointee.memory.frameCount) else { return nil }
      return state.pointee.memory.base + UInt(first) << 12
    }
    return first >= Self.firstHostFrame ? UInt(first) << 12 : nil
  }

  /// The bytes at a physical address of RAM, or of memory of the host that has one; nil elsewhere.
  package func bytes(atPhysical physical: UInt64, _ count: Int) -> UnsafeMutableRawPointer? {
    let (last, overflow) = physical.addingReportingOverflow(UInt64(max(count, 1)) - 1)
    guard !overflow, physical >> 12 != 0,
      let base = systemAddress(of: physical >> 12, Int(last >> 12 - physical >> 12) + 1)
    else { return nil }
    if physical >> 12 >= Self.firstHostFrame {
      guard last >> 47 == 0 else { return nil }
      for page in physical >> 12...last >> 12 where !isHostMemory(UInt(page) << 12) { return nil }
    }
    return UnsafeMutableRawPointer(bitPattern: base + UInt(physical & 0xFFF))
  }

  func isPagedPool(_ address: UInt) -> Bool {
    guard let frame = state.pointee.memory.frame(of: address) else { return false }
    let paged = state.pointee.memory.paged
    return frame >= paged.first && frame < paged.end
  }

  /// Whether an access at this address would find memory now: `MmIsAddressValid`.
  package func isAddressValid(_ address: UInt) -> Bool {
    physicalAddress(behind: address) != nil
  }
}
