import CDriverKit
import Glibc
import Machine
import Memory
import PortableExecutable

/// The entry of the list of loaded modules that a driver finds at DRIVER_OBJECT.DriverSection.
///
/// It lies in nonpaged pool of the system, with the names that it points to behind it. Each entry is a
/// list of its own: a driver that follows the links comes back to where it began.
struct ModuleEntry {
  private static let tag: UInt32 = 0x644C_6D4D  // MmLd
  private static let folder = #"\SystemRoot\System32\drivers\"#

  let pointer: UnsafeMutablePointer<KLDR_DATA_TABLE_ENTRY>

  /// Makes the entry of an image; nil when there is no memory.
  init?(of loaded: LoadedImage) {
    let base = Array((Images.serviceName(loaded.name) + ".sys").utf16)
    let path = Array(Self.folder.utf16) + base
    let size = MemoryLayout<KLDR_DATA_TABLE_ENTRY>.size
    // A 0 behind the name, as drivers that print it expect.
    let byteCount = size + (path.count + 1) * 2
    guard let block = loaded.machine.pool.allocate(byteCount, kind: .nonpaged, tag: Self.tag)
    else { return nil }
    memset(block, 0, byteCount)
    path.withUnsafeBytes { _ = memcpy(block + size, $0.baseAddress!, $0.count) }
    pointer = block.assumingMemoryBound(to: KLDR_DATA_TABLE_ENTRY.self)
    let text = (block + size).assumingMemoryBound(to: UInt16.self)
    pointer.pointee.FullDllName = Self.string(text, path.count)
    pointer.pointee.BaseDllName = Self.string(text + (path.count - base.count), base.count)
    fill(loaded)
  }

  private func fill(_ loaded: LoadedImage) {
    let headers = loaded.image.headers
    let links = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: LIST_ENTRY.self)
    links.pointee.Flink = links
    links.pointee.Blink = links
    if let table = loaded.image.directories[.exceptions] {
      pointer.pointee.ExceptionTable = loaded.base + Int(table.lowerBound)
      pointer.pointee.ExceptionTableSize = UInt32(table.count)
    }
    pointer.pointee.DllBase = loaded.base
    pointer.pointee.EntryPoint = loaded.base + Int(headers.entryPoint)
    pointer.pointee.SizeOfImage = UInt32(loaded.byteCount)
    pointer.pointee.SizeOfImageNotRounded = headers.imageSize
    pointer.pointee.CheckSum = headers.checksum
    pointer.pointee.TimeDateStamp = headers.timestamp
    pointer.pointee.LoadCount = 1
    pointer.pointee.Flags = UInt32(LDRP_ENTRY_PROCESSED)
    if headers.dllCharacteristics.contains(.forceIntegrity) {
      pointer.pointee.Flags |= UInt32(LDRP_IMAGE_INTEGRITY_FORCED)
    }
  }

  private static func string(_ text: UnsafeMutablePointer<UInt16>, _ count: Int) -> UNICODE_STRING {
    UNICODE_STRING(
      Length: UInt16(count * 2), MaximumLength: UInt16((count + 1) * 2), Buffer: text)
  }

  /// Gives the memory back, when the driver object is gone.
  func free(in machine: Machine) {
    machine.pool.free(UnsafeMutableRawPointer(pointer), tag: Self.tag)
  }
}
