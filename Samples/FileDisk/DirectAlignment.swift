import Glibc
import Ring3

/// What a file system asks of direct I/O.
struct DirectAlignment {
  /// What addresses are multiples of.
  let memory: Int
  /// What offsets in the file, and lengths, are multiples of.
  let offset: Int

  /// Asks the host, which knows since Linux 6.1.
  ///
  /// - Throws: ``HostFileError/notDirect(path:fileSystem:)`` when the file system does no direct I/O for
  ///   the file. Some take O_DIRECT and copy all the same: they report no alignment.
  init(of descriptor: Int32, _ path: String) throws {
    guard let (memory, offset) = HostCalls.directAlignment(of: descriptor), memory > 0, offset > 0
    else {
      throw HostFileError.notDirect(
        path: path, fileSystem: MountTable.fileSystem(of: descriptor) ?? "its file system")
    }
    self.memory = Int(memory)
    self.offset = Int(offset)
  }
}

/// Calls of Linux that the module Glibc does not show, because they are GNU's.
enum HostCalls {
  /// Opens past the host's cache: `O_DIRECT`, of x86-64.
  static let direct: Int32 = 0o40000

  private typealias Statx =
    @convention(c) (
      Int32, UnsafePointer<CChar>, Int32, UInt32, UnsafeMutableRawPointer
    ) -> Int32

  /// `stx_dio_mem_align` and `stx_dio_offset_align` of statx(2); nil when the host does not say.
  static func directAlignment(of descriptor: Int32) -> (memory: UInt32, offset: UInt32)? {
    guard let address = dlsym(nil, "statx") else { return nil }
    let statx = unsafeBitCast(address, to: Statx.self)
    let (isEmptyPath, wantsAlignment): (Int32, UInt32) = (0x1000, 0x2000)
    return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { info in
      guard let start = info.baseAddress,
        statx(descriptor, "", isEmptyPath, wantsAlignment, start) == 0,
        info.load(as: UInt32.self) & wantsAlignment != 0
      else { return nil }
      return (
        info.load(fromByteOffset: 0x98, as: UInt32.self),
        info.load(fromByteOffset: 0x9C, as: UInt32.self)
      )
    }
  }
}
