import CDriverKit
import Machine
import NTTypes
import PlugAndPlay

extension Kernel {
  /// The state of power of the whole machine.
  public var systemPower: SystemPowerState {
    (try? inSystem { machine.plugAndPlay.systemPower }) ?? .shutdown
  }

  /// Sends the machine to sleep: asks every device, then tells every device, children first.
  ///
  /// Threads go on: only devices know.
  ///
  /// - Throws: ``KernelError`` with the status of the driver that objected; the devices stay awake then.
  public func sleep(_ state: SystemPowerState) throws(KernelError) {
    try change { $0.sleep(state) }
  }

  /// Wakes the machine: tells every device, parents first.
  public func wake() throws(KernelError) { try change { $0.wake() } }

  private func change(_ body: (PlugAndPlay) -> Int32) throws(KernelError) {
    let manager = machine.plugAndPlay
    let status = try inSystem { manager.withTree { body(manager) } }
    guard status >= 0 else { throw .status(NTStatus(bits: UInt32(bitPattern: status))) }
    try settleDevices()
  }

  /// Sets a power setting, such as the source of power, and has the drivers told that want to know.
  public func setPowerSetting(_ guid: NTTypes.GUID, to value: UInt32) throws(KernelError) {
    try inSystem { machine.plugAndPlay.setPowerSetting(guid.layout, value) }
    try settleDevices()
  }
}
