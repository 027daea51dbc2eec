import CDriverKit
import CRing3
import Glibc

private func options(_ mode: UInt32, _ alertable: UInt32, _ timeout: UnsafePointer<LARGE_INTEGER>?)
  -> WaitOptions
{
  WaitOptions(
    mode: mode & 0xFF == 0 ? ProcessorMode.kernel : ProcessorMode.user,
    isAlertable: alertable & 0xFF != 0, deadline: Deadline(timeout))
}

@c(r3_KeWaitForSingleObject)
func keWaitForSingleObject(
  _ object: UnsafeMutableRawPointer, _ reason: UInt32, _ mode: UInt32, _ alertable: UInt32,
  _ timeout: UnsafePointer<LARGE_INTEGER>?
) -> Int32 {
  Wait.forObject(object, options(mode, alertable, timeout))
}

@c(r3_KeWaitForMultipleObjects)
func keWaitForMultipleObjects(
  _ count: UInt32, _ objects: UnsafePointer<UnsafeMutableRawPointer?>, _ type: UInt32,
  _ reason: UInt32, _ mode: UInt32, _ alertable: UInt32, _ timeout: UnsafePointer<LARGE_INTEGER>?,
  _ blocks: UnsafeMutablePointer<KWAIT_BLOCK>?
) -> Int32 {
  Wait.forObjects(
    UnsafeBufferPointer(start: objects, count: Int(count)), blocks: blocks, isAll: type == 0,
    options(mode, alertable, timeout))
}

@c(r3_KeDelayExecutionThread)
func keDelayExecutionThread(
  _ mode: UInt32, _ alertable: UInt32, _ interval: UnsafePointer<LARGE_INTEGER>
) -> Int32 {
  let options = options(mode, alertable, interval)
  if options.deadline == .poll { sched_yield() }
  return Wait.delay(options)
}
