import CDriverKit
import IOManager
import Machine
import Objects

extension PlugAndPlay {
  /// Ends a request about instrumentation: says how much of the buffer is used, or would be.
  fileprivate func completeWmi(_ irp: IRPPointer, _ status: Int32, _ used: UInt32, _ boost: Int8)
    -> Int32
  {
    var status = status
    var count = 0
    if let location = irp.pointee.Tail.Overlay.CurrentStackLocation,
      let buffer = location.pointee.Parameters.WMI.Buffer,
      let offset = dataOffset(location.pointee.MinorFunction, buffer)
    {
      let needed = offset + Int(used)
      if status == PnpStatus.bufferTooSmall
        || status >= 0
          && needed > Int(location.pointee.Parameters.WMI.BufferSize)
      {
        status = sayTooSmall(buffer, needed, &count)
      } else if status >= 0 {
        finish(location.pointee.MinorFunction, buffer, used)
        buffer.storeBytes(of: UInt32(needed), as: UInt32.self)
        count = needed
      }
    }
    irp.pointee.IoStatus.Status = status
    irp.pointee.IoStatus.Information = ULONG_PTR(count)
    io.complete(irp, boost: boost)
    return status
  }

  /// Where the data of a request that gives data lie; nil for other requests.
  private func dataOffset(_ minor: UInt8, _ buffer: UnsafeMutableRawPointer) -> Int? {
    let field =
      switch Int32(minor) {
      case IRP_MN_QUERY_ALL_DATA: 48
      case IRP_MN_QUERY_SINGLE_INSTANCE: 56
      case IRP_MN_EXECUTE_METHOD: 60
      default: -1
      }
    return field < 0 ? nil : Int(buffer.load(fromByteOffset: field, as: UInt32.self))
  }

  private func sayTooSmall(
    _ buffer: UnsafeMutableRawPointer, _ needed: Int, _ count: inout Int
  ) -> Int32 {
    buffer.storeBytes(of: UInt32(WmiLayout.tooSmall), as: UInt32.self)
    let flags = buffer.load(fromByteOffset: 44, as: UInt32.self) | UInt32(WNODE_FLAG_TOO_SMALL)
    buffer.storeBytes(of: flags, toByteOffset: 44, as: UInt32.self)
    buffer.storeBytes(of: UInt32(needed), toByteOffset: WmiLayout.header, as: UInt32.self)
    count = WmiLayout.tooSmall
    return PnpStatus.success
  }

  /// Writes the sizes; of all instances, the offset of each before its length.
  private func finish(_ minor: UInt8, _ buffer: UnsafeMutableRawPointer, _ used: UInt32) {
    switch Int32(minor) {
    case IRP_MN_QUERY_SINGLE_INSTANCE:
      buffer.storeBytes(of: used, toByteOffset: 60, as: UInt32.self)
    case IRP_MN_EXECUTE_METHOD: buffer.storeBytes(of: used, toByteOffset: 64, as: UInt32.self)
    default: spread(buffer)
    }
  }

  /// Turns the lengths that the driver gave, one behind the other, into pairs of offset and length.
  private func spread(_ buffer: UnsafeMutableRawPointer) {
    let count = Int(buffer.load(fromByteOffset: 52, as: UInt32.self))
    let first = Int(buffer.load(fromByteOffset: 48, as: UInt32.self))
    func length(_ index: Int) -> UInt32 {
      buffer.load(fromByteOffset: 60 + index * 4, as: UInt32.self)
    }
    // From the last to the first, so that no length is overwritten before it is read.
    for index in (0..<count).reversed() {
      let bytes = length(index)
      var offset = first
      for earlier in 0..<index { offset = (offset + Int(length(earlier)) + 7) & ~7 }
      buffer.storeBytes(of: UInt32(offset), toByteOffset: 60 + index * 8, as: UInt32.self)
      buffer.storeBytes(of: bytes, toByteOffset: 64 + index * 8, as: UInt32.self)
    }
  }
}

@c(r3_WmiCompleteRequest)
func wmiCompleteRequest(
  _ device: DevicePointer, _ irp: IRPPointer, _ status: Int32, _ used: UInt32, _ boost: UInt32
) -> Int32 {
  Machine.current.plugAndPlay.completeWmi(
    irp, status, used, Int8(truncatingIfNeeded: boost))
}
