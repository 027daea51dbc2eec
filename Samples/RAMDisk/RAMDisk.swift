// A disk in memory: data goes between the program's own pages and nonpaged pool.
//
// HKLM\SYSTEM\CurrentControlSet\Services\RAMDisk\Parameters may have, as REG_DWORD:
//   DiskSize        bytes, a multiple of 512; 16 MiB without it
//   WriteProtected  1 for a disk that cannot be written
import Ring3

public final class RAMDisk: SwiftDriver {
  public init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(
      named: #"\Device\RAMDisk"#, link: #"\??\RAMDisk"#
    ) { setup in
      setup.setType(.disk)
      setup.setBufferAccess(.direct)
    }
    let parameters = driver.parameters
    let disk = try MemoryDisk(
      byteCount: parameters.dword("DiskSize").map { Int($0) } ?? 16 << 20,
      isWriteProtected: parameters.dword("WriteProtected") == 1, device)
    // Requests of several programs are carried out at the same time, as on any disk.
    try device.makeQueue(.parallel) { queue in
      queue.onRead { (request: consuming Request) in try disk.read(request) }
      queue.onWrite { (request: consuming Request) in try disk.write(request) }
      queue.onDeviceControl { (request: consuming Request, code) in
        try disk.control(request, code)
      }
    }
  }
}

/// Sectors in pool.
final class MemoryDisk: Sendable {
  static let bytesPerSector = 512

  let byteCount: Int
  let isWriteProtected: Bool
  private let sectors: Memory<OwnedBuffer>

  init(byteCount: Int, isWriteProtected: Bool, _ device: DeviceObject) throws {
    guard byteCount > 0, byteCount % Self.bytesPerSector == 0 else {
      throw NTStatus.invalidParameter
    }
    var memory = try Memory(size: byteCount, tag: "RamD", parent: device)
    var bytes = memory.mutableBytes
    bytes.fill(with: 0)
    sectors = memory
    self.byteCount = byteCount
    self.isWriteProtected = isWriteProtected
  }

  func read(_ request: consuming Request) throws {
    let range = try range(request.offset, request.length)
    do {
      var pages = try request.outputMDL()
      var bytes = try pages.mutableBytes()
      try sectors.copy(to: &bytes, from: range.lowerBound)
    }
    request.complete(information: range.count)
  }

  func write(_ request: consuming Request) throws {
    guard !isWriteProtected else { throw NTStatus.mediaWriteProtected }
    let range = try range(request.offset, request.length)
    try sectors.copy(from: request.inputMDL().bytes(), at: range.lowerBound)
    request.complete(information: range.count)
  }

  /// Whole sectors of the disk; nothing is done of a request that goes beyond its end.
  func range(_ offset: Int64, _ count: Int) throws -> Range<Int> {
    guard offset >= 0, offset <= Int64(byteCount - count), count <= byteCount,
      offset % Int64(Self.bytesPerSector) == 0, count % Self.bytesPerSector == 0
    else { throw NTStatus.invalidParameter }
    return Int(offset)..<Int(offset) + count
  }
}
