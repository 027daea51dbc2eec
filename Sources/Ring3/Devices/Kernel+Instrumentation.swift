import CDriverKit
import Machine
import NTTypes
import PlugAndPlay

extension Kernel {
  /// Reads an instance of a block that a driver offers to WMI.
  ///
  /// - Parameters:
  ///   - block: the identifier of the block.
  ///   - instance: its number.
  ///   - provider: which of several devices that have the block, the newest first.
  /// - Throws: ``KernelError``: the status of the driver; STATUS_WMI_GUID_NOT_FOUND when no device
  ///   has the block.
  public func queryBlock(_ block: NTTypes.GUID, instance: Int = 0, provider: Int = 0)
    throws(KernelError) -> [UInt8]
  {
    try perform(.query, block, instance, provider, [])
  }

  /// Writes an instance of a block.
  public func setBlock(
    _ block: NTTypes.GUID, to data: [UInt8], instance: Int = 0, provider: Int = 0
  ) throws(KernelError) {
    _ = try perform(.set, block, instance, provider, data)
  }

  /// Calls a method of a block; gives its output.
  public func executeMethod(
    _ method: UInt32, of block: NTTypes.GUID, input: [UInt8] = [], instance: Int = 0,
    provider: Int = 0
  ) throws(KernelError) -> [UInt8] {
    try perform(.execute(method: method), block, instance, provider, input)
  }

  /// Tells a driver that somebody wants the events of a block, or that nobody does any more.
  public func setEventsEnabled(
    _ isEnabled: Bool, of block: NTTypes.GUID, provider: Int = 0
  ) throws(KernelError) {
    _ = try perform(.control(events: true, isOn: isEnabled), block, 0, provider, [])
  }

  /// Tells a driver that somebody collects the data of an expensive block, or that nobody does any more.
  public func setCollectionEnabled(
    _ isEnabled: Bool, of block: NTTypes.GUID, provider: Int = 0
  ) throws(KernelError) {
    _ = try perform(.control(events: false, isOn: isEnabled), block, 0, provider, [])
  }

  /// The events that drivers wrote for WMI, the last thousand, oldest first.
  public var instrumentationEvents: [InstrumentationEvent] { machine.plugAndPlay.events }

  private func perform(
    _ operation: BlockOperation, _ block: NTTypes.GUID, _ instance: Int, _ provider: Int,
    _ input: [UInt8]
  ) throws(KernelError) -> [UInt8] {
    try settleDevices()
    var output: [UInt8] = []
    let status = try inSystem {
      input.withUnsafeBytes { input in
        machine.plugAndPlay.perform(
          operation, block.layout, provider: provider, instance: UInt32(instance), input: input
        ) { output = Array($0) }
      }
    }
    guard status >= 0 else { throw .status(NTStatus(bits: UInt32(bitPattern: status))) }
    return output
  }
}
