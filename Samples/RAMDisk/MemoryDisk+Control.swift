import Ring3

// What programs ask of a disk.
extension MemoryDisk {
  private var geometry: DiskGeometry {
    DiskGeometry(byteCount: Int64(byteCount), bytesPerSector: Self.bytesPerSector)
  }

  func control(_ request: consuming Request, _ code: IoControlCode) throws {
    switch code {
    case .diskGetDriveGeometry, .diskGetMediaTypes: request.complete(returning: geometry)
    case .diskGetDriveGeometryEx:
      request.complete(
        returning: ExtendedDiskGeometry(geometry, byteCount: Int64(byteCount)))
    case .diskGetLengthInfo: request.complete(returning: Int64(byteCount))
    case .diskGetPartitionInfo:
      request.complete(returning: PartitionInformation(wholeDiskOf: Int64(byteCount)))
    case .diskIsWritable: request.complete(isWriteProtected ? .mediaWriteProtected : .success)
    case .diskCheckVerify: checkVerify(request)
    case .diskVerify: try verify(request)
    default: throw NTStatus.invalidDeviceRequest
    }
  }

  /// The medium is always there, and never changed.
  private func checkVerify(_ request: consuming Request) {
    if request.outputLength == 0 {
      request.complete()
    } else {
      request.complete(returning: UInt32(0))
    }
  }

  /// Every sector can be read that is there.
  private func verify(_ request: consuming Request) throws {
    let wanted = try request.readInput(DiskRange.self)
    _ = try range(wanted.offset, Int(wanted.byteCount))
    request.complete()
  }
}
