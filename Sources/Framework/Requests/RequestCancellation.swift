import CDriverKit
import CRing3
import IOManager
import Machine

extension Framework {
  /// Calls EvtRequestCancel of a request whose cancel routine was taken.
  func cancelMarked(_ request: UnsafeMutablePointer<RequestBody>) {
    guard let routine = request.pointee.cancelRoutine else { return }
    request.pointee.cancelRoutine = nil
    request.pointee.state.remove(.cancelable)
    _ = r3_call1(routine, request.handle)
  }
}

@c(r3_WdfRequestIsCanceled)
func wdfRequestIsCanceled(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt8 {
  Framework.current.request(handle).packet.pointee.Cancel != 0 ? 1 : 0
}
