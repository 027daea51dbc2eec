import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

@c(r3_IoGetDmaAdapter)
func ioGetDmaAdapter(
  _ device: DevicePointer?, _ description: UnsafePointer<DEVICE_DESCRIPTION>,
  _ count: UnsafeMutablePointer<UInt32>
) -> UnsafeMutableRawPointer? {
  guard let limits = DmaLimits(description),
    let adapter = Machine.current.hardware.makeAdapter(limits, for: device)
  else { return nil }
  count.pointee = UInt32(clamping: adapter.mapRegisterCount)
  return adapter.driverPointer
}

/// Device and processors see the same memory: there is nothing to flush.
@c(r3_KeFlushIoBuffers)
func keFlushIoBuffers(_ mdl: UnsafeMutablePointer<MDL>, _ isRead: UInt32, _ isDma: UInt32) {}
