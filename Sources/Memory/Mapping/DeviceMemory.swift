import CRing3
import Glibc
import Machine

/// Memory at physical addresses that are not RAM: what a simulated device shows its driver.
///
/// A page comes into being, zeroed, when it is first mapped, and stays: everybody who maps its
/// physical address sees the same bytes.
struct DeviceMemory {
  private struct Extent {
    let first: UInt64
    let count: Int
    let offset: Int
  }

  private var file: Int32 = -1
  private var byteCount = 0
  private var extents: UnsafeMutablePointer<Extent>?
  private var count = 0
  /// Pages whose every access is the device's own business: nothing is ever mapped for them.
  private(set) var registers: UnsafeMutablePointer<RegisterPages>?

  /// Adjacent pages of registers.
  struct RegisterPages {
    let first: UInt64
    let count: Int
    let next: UnsafeMutablePointer<RegisterPages>?
  }

  func destroy() {
    if file >= 0 { close(file) }
    free(extents)
    var next = registers
    while let pages = next {
      next = pages.pointee.next
      pages.deallocate()
    }
  }

  /// Makes pages registers; before anybody maps them, and for the life of the machine.
  mutating func addRegisters(_ first: UInt64, _ count: Int) {
    let pages = UnsafeMutablePointer<RegisterPages>.allocate(capacity: 1)
    pages.initialize(to: RegisterPages(first: first, count: count, next: registers))
    registers = pages
  }

  /// Whether a page holds registers.
  func hasRegisters(_ frame: UInt64) -> Bool {
    var next = registers
    while let pages = next {
      if frame >= pages.pointee.first, frame - pages.pointee.first < UInt64(pages.pointee.count) {
        return true
      }
      next = pages.pointee.next
    }
    return false
  }

  /// Where a page lies in the file of device memory.
  func fileOffset(of frame: UInt64) -> (file: Int32, offset: Int)? {
    for index in 0..<count {
      guard let extent = extents?[index] else { break }
      if frame >= extent.first, frame - extent.first < UInt64(extent.count) {
        return (file, extent.offset + Int(frame - extent.first) << pageShift)
      }
    }
    return nil
  }

  /// Sees to it that all pages of a range exist; false when the host refuses.
  mutating func provide(_ first: UInt64, _ wanted: Int) -> Bool {
    if file < 0 { file = r3_memory_file(0) }
    guard file >= 0 else { return false }
    var frame = first
    let end = first + UInt64(wanted)
    while frame < end {
      if fileOffset(of: frame) != nil {
        frame += 1
        continue
      }
      var length: UInt64 = 1
      while frame + length < end, fileOffset(of: frame + length) == nil { length += 1 }
      guard append(frame, Int(length)) else { return false }
      frame += length
    }
    return true
  }

  private mutating func append(_ first: UInt64, _ pages: Int) -> Bool {
    guard let block = realloc(extents, (count + 1) * MemoryLayout<Extent>.stride) else {
      return false
    }
    let table = block.assumingMemoryBound(to: Extent.self)
    extents = table
    guard ftruncate(file, byteCount + pages << pageShift) == 0 else { return false }
    (table + count).initialize(to: Extent(first: first, count: pages, offset: byteCount))
    count += 1
    byteCount += pages << pageShift
    return true
  }
}
