import CRing3
import Machine

/// The device passes on what its driver does not handle.
@c(r3_WdfFdoInitSetFilter)
func wdfFdoInitSetFilter(_ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?) {
  let description = Framework.current.deviceInit(address)
  guard description.pointee.role == .function else { return }
  description.pointee.role = .filter
  description.pointee.characteristics = 0
}
