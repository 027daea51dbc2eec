/// One access of a driver to a register or port of a device, as `MachineHooks.accessDevice` gets it.
package struct DeviceAccess {
  /// Where the address lies.
  package enum Space { case memory, port }

  package let space: Space
  /// A physical address, or the number of a port.
  package let address: UInt64
  /// 1, 2, 4 or 8.
  package let byteCount: Int
  package let isWrite: Bool
  /// What is written, or was read; bytes beyond `byteCount` are 0.
  package var value: UInt64

  package init(_ space: Space, at address: UInt64, byteCount: Int, writing value: UInt64? = nil) {
    self.space = space
    self.address = address
    self.byteCount = byteCount
    isWrite = value != nil
    self.value = (value ?? 0) & Self.mask(byteCount)
  }

  /// One bits for so many bytes.
  package static func mask(_ byteCount: Int) -> UInt64 {
    byteCount >= 8 ? .max : (1 << UInt64(byteCount * 8)) - 1
  }
}
