import CDriverKit
import Glibc
import IOManager
import Machine
import Memory

@c(r3_ZwQueryInformationFile)
func zwQueryInformationFile(
  _ handle: UInt, _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?,
  _ buffer: UnsafeMutableRawPointer?, _ length: UInt32, _ kind: UInt32
) -> UInt32 {
  var information: UInt = 0
  let status = withFile(handle) { object in
    guard let file = Sandbox.file(object) else { return FileStatus.notSupported }
    var answer: Answer?
    let status = FileInformation(machine: .current, object: object, file: file)
      .query(kind, &answer)
    guard let answer else { return status }
    var needed: UInt32 = 0
    let result = answer.deliver(.current, to: buffer, length, &needed)
    if result == ServiceStatus.bufferTooSmall { return FileStatus.infoLengthMismatch }
    information = UInt(min(needed, length))
    return result
  }
  return answer(statusBlock, status, information)
}

@c(r3_ZwSetInformationFile)
func zwSetInformationFile(
  _ handle: UInt, _ statusBlock: UnsafeMutablePointer<IO_STATUS_BLOCK>?,
  _ buffer: UnsafeRawPointer?, _ length: UInt32, _ kind: UInt32
) -> UInt32 {
  let status = Machine.current.withCopy(of: buffer, Int(length)) { bytes in
    withFile(handle) { object in
      guard let file = Sandbox.file(object) else { return FileStatus.notSupported }
      return FileInformation(machine: .current, object: object, file: file).set(kind, bytes)
    }
  }
  return answer(statusBlock, status)
}

/// What is told and set about a file of the sandbox.
private struct FileInformation {
  let machine: Machine
  let object: FilePointer
  let file: SandboxFilePointer

  func query(_ kind: UInt32, _ answer: inout Answer?) -> UInt32 {
    var host = stat()
    guard fstat(file.pointee.descriptor, &host) == 0 else { return FileStatus.of(errno) }
    switch kind {
    case FileBasicInformation.rawValue:
      answer = Answer.make(machine, fixed: 40, count: 40)
      putTimes(host, answer)
      answer?.put(Int(attributes(host)), at: 32)
    case FileStandardInformation.rawValue:
      answer = Answer.make(machine, fixed: 24, count: 24)
      answer?.put(UInt64(host.st_blocks) * 512, at: 0)
      answer?.put(UInt64(host.st_size), at: 8)
      answer?.put(Int(host.st_nlink), at: 16)
      let flags = (file.pointee.deletesOnClose ? 1 : 0) | (file.pointee.isDirectory ? 0x100 : 0)
      answer?.put(flags, at: 20)
    case FilePositionInformation.rawValue:
      answer = Answer.make(machine, fixed: 8, count: 8)
      answer?.put(UInt64(bitPattern: object.pointee.CurrentByteOffset.QuadPart), at: 0)
    case FileNameInformation.rawValue:
      let path = file.pointee.path.text
      answer = Answer.make(machine, fixed: 8, count: 4 + path.count * 2)
      answer?.put(path.count * 2, at: 0)
      answer?.put(path, at: 4)
    case FileNetworkOpenInformation.rawValue:
      answer = Answer.make(machine, fixed: 56, count: 56)
      putTimes(host, answer)
      answer?.put(UInt64(host.st_blocks) * 512, at: 32)
      answer?.put(UInt64(host.st_size), at: 40)
      answer?.put(Int(attributes(host)), at: 48)
    default: return ServiceStatus.invalidInformationClass
    }
    return answer == nil ? ServiceStatus.insufficientResources : FileStatus.success
  }

  private func putTimes(_ host: stat, _ answer: Answer?) {
    // The host tells no time of creation that can be had for every file: the oldest known serves.
    let times = [host.st_mtim, host.st_atim, host.st_mtim, host.st_ctim]
    for (index, time) in times.enumerated() {
      let value = UInt64(time.tv_sec) * 10_000_000 + UInt64(time.tv_nsec) / 100
      answer?.put(value + 116_444_736_000_000_000, at: index * 8)
    }
  }

  private func attributes(_ host: stat) -> UInt32 {
    if file.pointee.isDirectory { return UInt32(FILE_ATTRIBUTE_DIRECTORY) }
    let isReadOnly = host.st_mode & S_IWUSR == 0
    return UInt32(isReadOnly ? FILE_ATTRIBUTE_READONLY : FILE_ATTRIBUTE_ARCHIVE)
  }

  func set(_ kind: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    switch kind {
    case FilePositionInformation.rawValue:
      guard bytes.count >= 8 else { return FileStatus.infoLengthMismatch }
      let position = bytes.loadUnaligned(as: Int64.self)
      guard position >= 0 else { return ServiceStatus.invalidParameter }
      object.pointee.CurrentByteOffset.QuadPart = position
    case FileEndOfFileInformation.rawValue:
      guard bytes.count >= 8 else { return FileStatus.infoLengthMismatch }
      guard object.pointee.WriteAccess != 0 else { return FileStatus.accessDenied }
      let size = bytes.loadUnaligned(as: Int64.self)
      guard size >= 0 else { return ServiceStatus.invalidParameter }
      if ftruncate(file.pointee.descriptor, off_t(size)) != 0 { return FileStatus.of(errno) }
    case FileDispositionInformation.rawValue:
      guard let first = bytes.first else { return FileStatus.infoLengthMismatch }
      file.pointee.deletesOnClose = first != 0
      object.pointee.DeletePending = first != 0 ? 1 : 0
    default: return ServiceStatus.invalidInformationClass
    }
    return FileStatus.success
  }
}
