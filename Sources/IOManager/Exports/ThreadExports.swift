import CDriverKit
import CRing3
import Machine

@c(r3_IoThreadToProcess)
func ioThreadToProcess(_ thread: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  Thread(thread).map { UnsafeMutableRawPointer($0.process.pointer) }
}

@c(r3_IoIsSystemThread)
func ioIsSystemThread(_ thread: UnsafeMutableRawPointer) -> UInt8 {
  Thread(thread)?.pointer.pointee.isSystem == true ? 1 : 0
}

@c(r3_IoGetTopLevelIrp)
func ioGetTopLevelIrp() -> UnsafeMutableRawPointer? {
  ThreadSlot.topLevelIRP.address(in: CurrentThread.pointer)
    .load(as: UnsafeMutableRawPointer?.self)
}

@c(r3_IoSetTopLevelIrp)
func ioSetTopLevelIrp(_ irp: UnsafeMutableRawPointer?) {
  ThreadSlot.topLevelIRP.address(in: CurrentThread.pointer)
    .storeBytes(of: irp, as: UnsafeMutableRawPointer?.self)
}
