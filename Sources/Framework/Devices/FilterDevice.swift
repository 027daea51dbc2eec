import CRing3
import Machine

/// The device passes on what its driver does not handle.
@c(r3_WdfFdoInitSetFilter)
func wdfFdoInitSetFilter(_ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?) {
  Framework.current.deviceInit(address).pointee.role = .filter
}
