import CRing3
import Glibc

/// Number of a page of RAM; times 4096 it is the physical address.
package typealias FrameNumber = Int

@inlinable package var pageShift: Int { 12 }
@inlinable public var pageSize: Int { 4096 }
@inlinable public var pageMask: UInt { 4095 }

/// The RAM of a machine: one memory file, mapped once, divided into regions.
///
/// Frame 0 is never given out. The general region comes first, so that requests for low physical
/// addresses can be met; it holds user pages and pages for MDLs.
package struct PhysicalMemory {
  /// System address of frame 0.
  package let base: UInt
  package let frameCount: Int
  package let file: Int32
  package var general: FrameRegion
  package var nonpaged: FrameRegion
  package var executable: FrameRegion
  package var paged: FrameRegion
  /// One word a frame: references, and whether it was ever written.
  package let frames: UnsafeMutablePointer<FrameRecord>

  init(_ configuration: MachineConfiguration) throws(MachineError) {
    let pools = [
      configuration.nonpagedPoolByteCount, configuration.executablePoolByteCount,
      configuration.pagedPoolByteCount,
    ].map { max(1, $0 >> pageShift) }
    frameCount = max(configuration.memoryByteCount >> pageShift, pools.reduce(0, +) + 256)
    let byteCount = frameCount << pageShift
    file = r3_memory_file(UInt64(byteCount))
    if file < 0 { throw MachineError(action: "making the memory file", code: errno) }
    guard
      let ram = Host.mapAligned(byteCount, file: file),
      let records = Host.map(frameCount * MemoryLayout<FrameRecord>.stride)
    else {
      let code = errno
      close(file)
      throw MachineError(action: "mapping \(byteCount >> 20) MiB of RAM", code: code)
    }
    base = UInt(bitPattern: ram)
    // Of a machine that had these addresses before.
    ShadowMemory.clear(base..<(base + UInt(byteCount)))
    frames = records.assumingMemoryBound(to: FrameRecord.self)

    let generalCount = frameCount - 1 - pools.reduce(0, +)
    general = FrameRegion(first: 1, count: generalCount)
    nonpaged = FrameRegion(first: general.end, count: pools[0])
    executable = FrameRegion(first: nonpaged.end, count: pools[1])
    paged = FrameRegion(first: executable.end, count: pools[2])
    mprotect(
      ram + executable.first << pageShift, executable.count << pageShift,
      PROT_READ | PROT_WRITE | PROT_EXEC)
  }

  mutating func unmap() {
    munmap(UnsafeMutableRawPointer(bitPattern: base), frameCount << pageShift)
    munmap(frames, frameCount * MemoryLayout<FrameRecord>.stride)
    close(file)
    for region in [general, nonpaged, executable, paged] { region.destroy() }
  }

  /// System address of the first byte of a frame.
  @inlinable package func address(of frame: FrameNumber) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: base + UInt(frame) << UInt(pageShift))!
  }

  /// The frame that holds a system address, or nil when the address is not RAM.
  @inlinable package func frame(of address: UInt) -> FrameNumber? {
    let offset = address &- base
    guard offset < UInt(frameCount) << UInt(pageShift) else { return nil }
    return Int(offset >> UInt(pageShift))
  }

  /// Physical address of a system address in RAM.
  @inlinable package func physicalAddress(of address: UInt) -> UInt64? {
    let offset = address &- base
    return offset < UInt(frameCount) << UInt(pageShift) ? UInt64(offset) : nil
  }
}

/// What is known of one frame.
package struct FrameRecord {
  /// Owners and locks; the frame is free at 0.
  package var references: UInt32
  /// 1 once the page may hold other bytes than zeros.
  package var isDirty: UInt32
}

/// Mappings of the host.
package enum Host {
  /// Maps zeroed or file-backed pages anywhere; nil and errno when the host refuses.
  package static func map(
    _ byteCount: Int, file: Int32 = -1, protection: Int32 = PROT_READ | PROT_WRITE
  ) -> UnsafeMutableRawPointer? {
    let flags = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED
    let result = mmap(nil, byteCount, protection, flags | 0x4000 /* MAP_NORESERVE */, file, 0)
    return result == UnsafeMutableRawPointer(bitPattern: -1) ? nil : result
  }

  /// Bytes of a huge page of the host.
  package static var hugePageSize: Int { 2 << 20 }

  /// Maps a file for reading and writing where the host can use huge pages.
  static func mapAligned(_ byteCount: Int, file: Int32) -> UnsafeMutableRawPointer? {
    let room = byteCount + hugePageSize
    guard let start = map(room, protection: PROT_NONE) else { return nil }
    let gap = -Int(bitPattern: start) & (hugePageSize - 1)
    // MAP_NORESERVE
    let result = mmap(
      start + gap, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | 0x4000, file, 0)
    guard result == start + gap else {
      munmap(start, room)
      return nil
    }
    if gap > 0 { munmap(start, gap) }
    let end = (gap + byteCount + pageSize - 1) & ~(pageSize - 1)
    if end < room { munmap(start + end, room - end) }
    return result
  }

  /// Maps at exactly `address`; nil when something is there already.
  package static func reserve(at address: UInt, _ byteCount: Int) -> Bool {
    // MAP_NORESERVE, MAP_FIXED_NOREPLACE
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | 0x4000 | 0x100000
    let wanted = UnsafeMutableRawPointer(bitPattern: address)
    let result = mmap(wanted, byteCount, PROT_NONE, flags, -1, 0)
    if result == wanted { return true }
    if result != UnsafeMutableRawPointer(bitPattern: -1) { munmap(result, byteCount) }
    return false
  }
}
