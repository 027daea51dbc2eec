import Hardware

extension Kernel {
  /// Plugs a device that is simulated in Swift: its registers answer from now on.
  ///
  /// It stays until the kernel ends. Its driver gets `DeviceBus.resources` with
  /// ``addDevice(stack:hardwareIDs:description:resources:)``.
  ///
  /// - Throws: `PlugError`.
  @discardableResult
  public func plug(_ device: any SimulatedDevice) throws(PlugError) -> DeviceBus {
    try machine.hardware.plug(device)
  }
}
