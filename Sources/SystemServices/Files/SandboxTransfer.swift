import CDriverKit
import Glibc
import IOManager
import Machine
import Memory

/// Reading and writing a file of the sandbox.
struct SandboxTransfer {
  let machine: Machine
  let object: FilePointer
  let file: SandboxFilePointer

  /// Bytes that go through memory of the system at a time: a driver's buffer may fault.
  private static var chunk: Int { 1 << 16 }

  func run(_ request: KernelRequest, _ wanted: Int64?, _ information: inout UInt) -> UInt32 {
    let isRead = Int32(request.majorFunction) == IRP_MJ_READ
    guard !file.pointee.isDirectory else { return 0xC000_0010 }
    guard (isRead ? object.pointee.ReadAccess : object.pointee.WriteAccess) != 0 else {
      return FileStatus.accessDenied
    }
    var start: Int64 = 0
    let status = place(wanted, isRead, &start)
    guard status == FileStatus.success else { return status }
    let total = isRead ? request.outputCount : request.inputCount
    guard
      let block = machine.pool.allocate(
        min(max(total, 1), Self.chunk), kind: .nonpaged, tag: Machine.serviceTag)
    else { return ServiceStatus.insufficientResources }
    defer { machine.pool.free(block, tag: Machine.serviceTag) }
    var done = 0
    var error = FileStatus.success
    while done < total {
      let count = min(total - done, Self.chunk)
      let moved =
        isRead
        ? read(count, start + Int64(done), block, request.output.map { $0 + done })
        : write(count, start + Int64(done), block, request.input.map { $0 + done })
      if moved < 0 { error = FileStatus.of(errno) }
      if moved <= 0 { break }
      done += moved
    }
    if file.pointee.isSynchronous {
      object.pointee.CurrentByteOffset.QuadPart = start + Int64(done)
    }
    information = UInt(done)
    if error != FileStatus.success, done == 0 { return error }
    return isRead && done == 0 && total > 0 ? FileStatus.endOfFile : FileStatus.success
  }

  /// Where a transfer begins: at an offset, at the position of the file, or at its end.
  private func place(_ wanted: Int64?, _ isRead: Bool, _ start: inout Int64) -> UInt32 {
    let atEnd: Int64 = -1
    let atPosition: Int64 = -2
    if !isRead, wanted == atEnd || file.pointee.appends {
      var information = stat()
      guard fstat(file.pointee.descriptor, &information) == 0 else { return FileStatus.of(errno) }
      start = Int64(information.st_size)
      return FileStatus.success
    }
    if let wanted, wanted != atPosition {
      start = wanted
    } else {
      guard file.pointee.isSynchronous else { return ServiceStatus.invalidParameter }
      start = object.pointee.CurrentByteOffset.QuadPart
    }
    return start < 0 ? ServiceStatus.invalidParameter : FileStatus.success
  }

  private func read(
    _ count: Int, _ offset: Int64, _ block: UnsafeMutableRawPointer,
    _ target: UnsafeMutableRawPointer?
  ) -> Int {
    let moved = pread(file.pointee.descriptor, block, count, off_t(offset))
    if moved > 0, let target { memcpy(target, block, moved) }
    return moved
  }

  private func write(
    _ count: Int, _ offset: Int64, _ block: UnsafeMutableRawPointer,
    _ source: UnsafeMutableRawPointer?
  ) -> Int {
    if let source { memcpy(block, source, count) }
    return pwrite(file.pointee.descriptor, block, count, off_t(offset))
  }
}
