import Glibc
import Ring3

/// A file of the host that is read and written past the host's cache, with O_DIRECT.
///
/// The host moves data only between whole blocks of the file and memory that begins at a boundary. A
/// request that keeps to less is refused; it is not mended with a copy.
final class HostFile: Sendable {
  /// Bytes of the file.
  let byteCount: Int64
  /// What offsets and lengths are multiples of.
  let bytesPerSector: Int
  /// What addresses are multiples of.
  let memoryAlignment: Int
  /// Whether it cannot be written, because the driver or the host says so.
  let isReadOnly: Bool
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Parameter isReadOnly: whether it shall not be written; a file that the host does not let the
  ///   program write is not either.
  /// - Throws: ``HostFileError``; its text goes to the debug output.
  init(_ path: String, isReadOnly: Bool) throws {
    do {
      var isReadOnly = isReadOnly
      var descriptor: Int32 = -1
      if !isReadOnly {
        descriptor = open(path, O_RDWR | HostCalls.direct | O_CLOEXEC)
        isReadOnly = descriptor < 0 && [EACCES, EROFS, EPERM].contains(errno)
      }
      if isReadOnly { descriptor = open(path, O_RDONLY | HostCalls.direct | O_CLOEXEC) }
      guard descriptor >= 0 else { throw HostFileError(opening: path, errno) }
      do {
        let alignment = try DirectAlignment(of: descriptor, path)
        bytesPerSector = max(512, alignment.offset)
        memoryAlignment = alignment.memory
        byteCount = Int64(lseek(descriptor, 0, SEEK_END))
        guard byteCount > 0, byteCount % Int64(bytesPerSector) == 0 else {
          throw HostFileError.size(path: path, byteCount, multipleOf: bytesPerSector)
        }
      } catch {
        close(descriptor)
        throw error
      }
      self.isReadOnly = isReadOnly
      self.descriptor = descriptor
    } catch let error as HostFileError {
      DebugOutput.write("FileDisk: \(error)")
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Reads whole sectors into memory that begins at a boundary.
  func read(into bytes: inout MutableRawSpan, at offset: Int64) throws {
    try unsafe bytes.withUnsafeMutableBytes { bytes in
      try move(UnsafeRawBufferPointer(bytes), offset) { done in
        pread(
          descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + done)
      }
    }
  }

  /// Writes whole sectors from memory that begins at a boundary.
  func write(_ bytes: RawSpan, at offset: Int64) throws {
    guard !isReadOnly else { throw NTStatus.mediaWriteProtected }
    try unsafe bytes.withUnsafeBytes { bytes in
      try move(bytes, offset) { done in
        pwrite(
          descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + done)
      }
    }
  }

  /// Returns when what was written is where it outlives the power.
  func flush() throws {
    guard !isReadOnly else { return }
    if fdatasync(descriptor) != 0 { throw status(of: errno) }
  }

  private func move(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int64, _ step: (_ done: Int) -> Int
  ) throws {
    guard offset >= 0, offset % Int64(bytesPerSector) == 0, bytes.count % bytesPerSector == 0,
      Int64(bytes.count) <= byteCount, offset <= byteCount - Int64(bytes.count),
      UInt(bitPattern: bytes.baseAddress) % UInt(memoryAlignment) == 0
    else { throw NTStatus.invalidParameter }
    var done = 0
    while done < bytes.count {
      let count = step(done)
      // Nothing: somebody has cut the file off.
      if count > 0 {
        done += count
      } else if count == 0 {
        throw NTStatus.endOfFile
      } else if errno != EINTR {
        throw status(of: errno)
      }
    }
  }

  private func status(of error: Int32) -> NTStatus {
    switch error {
    case ENOSPC, EDQUOT: .diskFull
    case EINVAL: .invalidParameter
    case ENOMEM: .insufficientResources
    default: .deviceDataError
    }
  }
}
