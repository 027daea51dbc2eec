import CDriverKit
import CRing3
import IOManager
import Machine

@c(r3_WdfRequestGetIoQueue)
func wdfRequestGetIoQueue(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  Framework.current.request(handle).pointee.queue.map { $0.handle } ?? 0
}

@c(r3_WdfRequestWdmGetIrp)
func wdfRequestWdmGetIrp(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> IRPPointer? {
  Framework.current.request(handle).pointee.irp
}

@c(r3_WdfRequestGetRequestorMode)
func wdfRequestGetRequestorMode(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt8 {
  UInt8(bitPattern: Framework.current.request(handle).packet.pointee.RequestorMode)
}

@c(r3_WdfRequestGetFileObject)
func wdfRequestGetFileObject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  let framework = Framework.current
  let request = framework.request(handle)
  guard let device = request.pointee.device, request.pointee.irp != nil else { return 0 }
  let file = framework.file(device, request.location.pointee.FileObject)
  return file.map { FrameworkObject($0).handle } ?? 0
}
