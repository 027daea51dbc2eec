// A disk whose sectors lie in a file of the host, or on a disk of the host: the host's driver moves the
// data between the file and the program's own pages, which are locked and mapped. Nothing is copied.
//
// HKLM\SYSTEM\CurrentControlSet\Services\FileDisk\Parameters:
//   Path            REG_SZ: the file, which must exist; its size is that of the disk
//   WriteProtected  REG_DWORD: 1 for a disk that cannot be written
import Ring3

public final class FileDisk: SwiftDriver {
  public init(_ driver: DriverObject) throws {
    let parameters = driver.parameters
    guard let path = try parameters.string("Path") else {
      DebugOutput.write(#"FileDisk: the value Parameters\Path names no file"#)
      throw NTStatus.objectNameNotFound
    }
    let file = try HostFile(path, isReadOnly: parameters.dword("WriteProtected") == 1)
    let device = try driver.makeControlDevice(
      named: #"\Device\FileDisk"#, link: #"\??\FileDisk"#
    ) { setup in
      setup.setType(.disk)
      setup.setBufferAccess(.direct)
      setup.onFlush { _ in try file.flush() }
    }
    device.setAlignment(file.memoryAlignment)
    try device.makeQueue(.parallel) { queue in
      // The host's calls wait for its disk.
      queue.isPassive = true
      queue.onRead { (request: consuming Request) in try Self.read(request, file) }
      queue.onWrite { (request: consuming Request) in try Self.write(request, file) }
      queue.onDeviceControl { (request: consuming Request, code) in
        try Self.control(request, code, file)
      }
    }
  }

  private static func read(_ request: consuming Request, _ file: HostFile) throws {
    let (offset, count) = (request.offset, request.length)
    do {
      var pages = try request.outputMDL()
      var bytes = try pages.mutableBytes()
      try file.read(into: &bytes, at: offset)
    }
    request.complete(information: count)
  }

  private static func write(_ request: consuming Request, _ file: HostFile) throws {
    let (offset, count) = (request.offset, request.length)
    try file.write(request.inputMDL().bytes(), at: offset)
    request.complete(information: count)
  }

  private static func control(
    _ request: consuming Request, _ code: IoControlCode, _ file: HostFile
  ) throws {
    let geometry = DiskGeometry(byteCount: file.byteCount, bytesPerSector: file.bytesPerSector)
    switch code {
    case .diskGetDriveGeometry, .diskGetMediaTypes: request.complete(returning: geometry)
    case .diskGetDriveGeometryEx:
      request.complete(returning: ExtendedDiskGeometry(geometry, byteCount: file.byteCount))
    case .diskGetLengthInfo: request.complete(returning: file.byteCount)
    case .diskIsWritable: request.complete(file.isReadOnly ? .mediaWriteProtected : .success)
    default: throw NTStatus.invalidDeviceRequest
    }
  }
}
