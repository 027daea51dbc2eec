import CDriverKit
import CRing3
import Machine

extension Framework {
  func enableInterrupts(
    of device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> Int32 { 0 }

  func disableInterrupts(
    of device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {}
}
