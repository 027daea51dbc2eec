import CDriverKit
import CRing3
import Machine

// The queue of a device whose driver has a StartIo routine: one request at a time.
extension IOManager {
  /// Bits of `DEVOBJ_EXTENSION.StartIoFlags`.
  private enum StartIoFlags {
    static let deferred: UInt32 = 1
    static let nonCancelable: UInt32 = 2
  }

  static var queueEntryOffset: Int { 0x78 }

  private func entry(of irp: IRPPointer) -> DeviceQueue.Entry {
    (UnsafeMutableRawPointer(irp) + Self.queueEntryOffset)
      .assumingMemoryBound(to: KDEVICE_QUEUE_ENTRY.self)
  }

  private func irp(of entry: DeviceQueue.Entry) -> IRPPointer {
    (UnsafeMutableRawPointer(entry) - Self.queueEntryOffset).assumingMemoryBound(to: IRP.self)
  }

  /// Starts a request, or queues it when the device is busy: `IoStartPacket`.
  func startPacket(
    _ device: DevicePointer, _ irp: IRPPointer, key: UInt32?, cancel: UnsafeMutableRawPointer?
  ) {
    let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    if cancel != nil {
      _ = acquireCancelLock()
      irp.pointee.CancelRoutine = cancel
    }
    let queue = DeviceQueue(Self.queue(of: device))
    if !queue.insert(entry(of: irp), key: key) {
      device.pointee.CurrentIrp = irp
      if cancel != nil { makeUncancelable(device, irp) }
      startIo(device, irp)
    } else if let cancel {
      if irp.pointee.Cancel != 0 {
        irp.pointee.CancelIrql = old
        irp.pointee.CancelRoutine = nil
        // The routine takes the IRP out of the queue and lets the lock go.
        _ = r3_call2(cancel, bits(device), bits(irp))
      } else {
        releaseCancelLock(IRQL.dispatch)
      }
    }
    IRQL.lower(to: old)
  }

  /// Lets the cancel lock go before a request is started; some drivers want no cancellation then.
  private func makeUncancelable(_ device: DevicePointer, _ irp: IRPPointer) {
    if flags(device) & StartIoFlags.nonCancelable != 0 { irp.pointee.CancelRoutine = nil }
    releaseCancelLock(IRQL.dispatch)
  }

  private func flags(_ device: DevicePointer) -> UInt32 {
    deviceRecord(device).pointee.head.StartIoFlags
  }

  private func startIo(_ device: DevicePointer, _ irp: IRPPointer) {
    guard let routine = device.pointee.DriverObject?.pointee.DriverStartIo else { return }
    _ = r3_call2(routine, bits(device), bits(irp))
  }

  /// Starts the next request of a device: `IoStartNextPacket`.
  ///
  /// With deferred starts a call out of StartIo itself only asks for one more turn.
  func startNextPacket(_ device: DevicePointer, isCancelable: Bool, key: UInt32?) {
    let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    if flags(device) & StartIoFlags.deferred == 0 {
      startNext(device, isCancelable, key)
    } else {
      let count =
        UnsafeMutableRawPointer(deviceRecord(device))
        + MemoryLayout<DEVOBJ_EXTENSION>.offset(of: \.StartIoCount).unsafelyUnwrapped
      if r3_add32(count, 1) == 0 {
        repeat { startNext(device, isCancelable, key) } while r3_add32(count, .max) != 1
      }
    }
    IRQL.lower(to: old)
  }

  private func startNext(_ device: DevicePointer, _ isCancelable: Bool, _ key: UInt32?) {
    if isCancelable { _ = acquireCancelLock() }
    device.pointee.CurrentIrp = nil
    guard let entry = DeviceQueue(Self.queue(of: device)).remove(key: key) else {
      if isCancelable { releaseCancelLock(IRQL.dispatch) }
      return
    }
    let irp = irp(of: entry)
    device.pointee.CurrentIrp = irp
    if isCancelable { makeUncancelable(device, irp) }
    startIo(device, irp)
  }

  /// Sets how requests are started: `IoSetStartIoAttributes`.
  func setStartIo(_ device: DevicePointer, isDeferred: Bool, isNonCancelable: Bool) {
    var flags: UInt32 = 0
    if isDeferred { flags |= StartIoFlags.deferred }
    if isNonCancelable { flags |= StartIoFlags.nonCancelable }
    deviceRecord(device).pointee.head.StartIoFlags = flags
  }
}

@c(r3_IoStartPacket)
func ioStartPacket(
  _ device: DevicePointer, _ irp: IRPPointer, _ key: UnsafePointer<UInt32>?,
  _ cancel: UnsafeMutableRawPointer?
) {
  Machine.current.io.startPacket(device, irp, key: key?.pointee, cancel: cancel)
}

@c(r3_IoStartNextPacket)
func ioStartNextPacket(_ device: DevicePointer, _ isCancelable: UInt32) {
  Machine.current.io.startNextPacket(device, isCancelable: isCancelable & 0xFF != 0, key: nil)
}

@c(r3_IoStartNextPacketByKey)
func ioStartNextPacketByKey(_ device: DevicePointer, _ isCancelable: UInt32, _ key: UInt32) {
  Machine.current.io.startNextPacket(device, isCancelable: isCancelable & 0xFF != 0, key: key)
}

@c(r3_IoSetStartIoAttributes)
func ioSetStartIoAttributes(
  _ device: DevicePointer, _ isDeferred: UInt32, _ isNonCancelable: UInt32
) {
  Machine.current.io.setStartIo(
    device, isDeferred: isDeferred & 0xFF != 0, isNonCancelable: isNonCancelable & 0xFF != 0)
}
