import CDriverKit
import IOManager
import Machine

// Isochronous transfers: a packet a frame. All packets are exchanged when the transfer's turn comes.
extension PlugAndPlay {
  /// Exchanges the packets of a transfer.
  func performFrames(
    _ urb: UnsafeMutablePointer<URB>, _ address: UInt8, _ usb: UnsafeMutablePointer<UsbState>,
    _ bytes: UnsafeMutableRawPointer, _ buffer: UnsafeMutableRawPointer?
  ) -> UInt32 {
    let part = urb.part(_URB_ISOCH_TRANSFER.self)
    let count = Int(part.pointee.NumberOfPackets)
    let packetSize = MemoryLayout<USBD_ISO_PACKET_DESCRIPTOR>.stride
    let needed = MemoryLayout<_URB_ISOCH_TRANSFER>.size + (count - 1) * packetSize
    guard count > 0, count <= 1024, Int(urb.header.pointee.Length) >= needed else {
      return UsbStatus.invalidParameter
    }
    guard setStartFrame(part) else { return UsbStatus.badStartFrame }
    var total = 0
    var errors: UInt32 = 0
    for index in 0..<count {
      let status = exchange(part, index, count, address, usb, bytes, buffer, &total)
      if status & 0x8000_0000 != 0 { errors += 1 }
    }
    part.pointee.ErrorCount = errors
    if address & 0x80 != 0 { part.pointee.TransferBufferLength = UInt32(total) }
    return errors == UInt32(count) ? 0xC000_0B00 : UsbStatus.success
  }

  private func setStartFrame(_ part: UnsafeMutablePointer<_URB_ISOCH_TRANSFER>) -> Bool {
    let now = usbFrame
    if part.pointee.TransferFlags & UInt32(USBD_START_ISO_TRANSFER_ASAP) != 0 {
      part.pointee.StartFrame = now &+ 1
      return true
    }
    let distance = Int32(bitPattern: part.pointee.StartFrame &- now)
    return distance > -USBD_ISO_START_FRAME_RANGE && distance < USBD_ISO_START_FRAME_RANGE
  }

  /// Exchanges one packet; a device that has nothing sends an empty one.
  private func exchange(
    _ part: UnsafeMutablePointer<_URB_ISOCH_TRANSFER>, _ index: Int, _ count: Int,
    _ address: UInt8, _ usb: UnsafeMutablePointer<UsbState>, _ bytes: UnsafeMutableRawPointer,
    _ buffer: UnsafeMutableRawPointer?, _ total: inout Int
  ) -> UInt32 {
    let packets =
      (UnsafeMutableRawPointer(part)
      + MemoryLayout<_URB_ISOCH_TRANSFER>.offset(of: \.IsoPacket).unsafelyUnwrapped)
      .assumingMemoryBound(to: USBD_ISO_PACKET_DESCRIPTOR.self)
    let all = Int(part.pointee.TransferBufferLength)
    let start = Int(packets[index].Offset)
    let end = index + 1 < count ? Int(packets[index + 1].Offset) : all
    guard start <= end, end <= all else {
      packets[index].Status = Int32(bitPattern: UsbStatus.invalidParameter)
      return UsbStatus.invalidParameter
    }
    let answer = askEndpoint(usb, address, bytes + start, end - start)
    let status = answer.status ?? (address & 0x80 != 0 ? UsbStatus.success : UsbStatus.notAccessed)
    if address & 0x80 != 0 {
      if answer.count > 0, let buffer {
        UsbMemory.copy(to: buffer + start, from: bytes + start, answer.count)
      }
      packets[index].Length = UInt32(answer.count)
      total += answer.count
    }
    packets[index].Status = Int32(bitPattern: status)
    return status
  }
}
