import Framework

extension DeviceObject {
  /// Says at which boundary the buffers of programs have to begin: a power of two, in bytes.
  ///
  /// Drivers and file systems above ask for it; the driver checks its requests itself. Source:
  /// WdfDeviceSetAlignmentRequirement.
  public func setAlignment(_ byteCount: Int) {
    wdfDeviceSetAlignmentRequirement(
      handle.globals, handle.bits, UInt32(clamping: max(byteCount, 1) - 1))
  }
}
