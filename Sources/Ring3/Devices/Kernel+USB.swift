import Hardware
import IOManager
import Image
import Machine
import NTTypes
import PlugAndPlay

extension Kernel {
  /// Plugs in a USB device that is simulated in Swift, and starts its drivers.
  ///
  /// Its hardware identifiers are `USB\VID_vvvv&PID_pppp&REV_rrrr` and the same without the release.
  /// All is done when the call returns; ``Device/state`` and ``Device/problem`` say what came of it.
  /// ``Device/surpriseRemove()`` or `USBPort.disconnect()` takes it out again.
  ///
  /// - Parameters:
  ///   - device: a device made of closures, a `USBDevice`, or an object of your own.
  ///   - stack: the drivers, bottom to top; empty: those that ``match(_:to:)`` gives.
  /// - Throws: ``KernelError`` when there is no memory, or the kernel has ended.
  @discardableResult
  public func plugIn(_ device: any SimulatedUSBDevice, stack: [Driver] = []) throws(KernelError)
    -> Device
  {
    let drivers = stack.compactMap { $0.program.object }
    let manager = machine.plugAndPlay
    var status: UInt32 = 0
    let number = try inSystem {
      drivers.withUnsafeBufferPointer { drivers in
        manager.withTree {
          manager.plugIn(device, drivers: drivers, status: &status)?.pointee.number
        }
      }
    }
    guard let number else { throw .status(NTStatus(bits: status)) }
    _ = try settleDevices()
    return Device(kernel: self, identifier: number)
  }
}
