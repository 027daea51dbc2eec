import CDriverKit
import Glibc
import IOManager
import Machine
import Memory
import Objects

/// What is done with a block of instrumentation.
package enum BlockOperation {
  case query
  case set
  /// Calls a method; the data goes in, and comes out.
  case execute(method: UInt32)
  /// Turns its events, or else the collection of its data, on or off.
  case control(events: Bool, isOn: Bool)
}

extension PlugAndPlay {
  /// Reads, writes or calls an instance of a block as WMI does.
  ///
  /// Inside the kernel.
  ///
  /// - Parameters:
  ///   - provider: which of several devices that have the block, in the order of newest first.
  ///   - input: in memory of the host.
  ///   - output: called with the bytes that the driver gave.
  /// - Returns: the status of the driver; STATUS_WMI_GUID_NOT_FOUND when no device has the block.
  package func perform(
    _ operation: BlockOperation, _ guid: GUID, provider: Int, instance: UInt32,
    input: UnsafeRawBufferPointer, _ output: (UnsafeRawBufferPointer) -> Void
  ) -> Int32 {
    guard let block = findBlock(guid, match: provider) else {
      return Int32(bitPattern: 0xC000_0295)
    }
    var size = 4096 + input.count
    while size <= 16 << 20 {
      guard
        let buffer = machine.pool.allocate(size, kind: .nonpaged, tag: Self.answerTag, zeroed: true)
      else { return PnpStatus.insufficientResources }
      defer { machine.pool.free(buffer, tag: Self.answerTag) }
      let minor = prepare(buffer, size, operation, guid, block.device, instance, input)
      var information: UInt = 0
      var wanted = guid
      let status = withUnsafeMutablePointer(to: &wanted) { wanted in
        request(minor, block.device, wanted, buffer, size, &information)
      }
      guard status >= 0 else { return status }
      if buffer.load(fromByteOffset: 44, as: UInt32.self) & UInt32(WNODE_FLAG_TOO_SMALL) != 0 {
        size = Int(buffer.load(fromByteOffset: WmiLayout.header, as: UInt32.self))
        continue
      }
      deliver(buffer, size, operation, output)
      return status
    }
    return PnpStatus.bufferTooSmall
  }

  /// Writes the WNODE of a request; gives its minor function.
  private func prepare(
    _ buffer: UnsafeMutableRawPointer, _ size: Int, _ operation: BlockOperation, _ guid: GUID,
    _ device: DevicePointer, _ instance: UInt32, _ input: UnsafeRawBufferPointer
  ) -> Int32 {
    func put(_ value: UInt32, at offset: Int) {
      buffer.storeBytes(of: value, toByteOffset: offset, as: UInt32.self)
    }
    put(UInt32(size), at: 0)
    put(ioWMIDeviceObjectToProviderId(device), at: 4)
    buffer.storeBytes(of: guid, toByteOffset: 24, as: GUID.self)
    put(UInt32(WNODE_FLAG_STATIC_INSTANCE_NAMES), at: 44)
    put(instance, at: 52)
    let minor: Int32
    let place: Int
    switch operation {
    case .query:
      (minor, place) = (IRP_MN_QUERY_SINGLE_INSTANCE, 64)
      put(UInt32(WNODE_FLAG_STATIC_INSTANCE_NAMES | WNODE_FLAG_SINGLE_INSTANCE), at: 44)
      put(64, at: 56)
    case .set:
      (minor, place) = (IRP_MN_CHANGE_SINGLE_INSTANCE, 64)
      put(UInt32(WNODE_FLAG_STATIC_INSTANCE_NAMES | WNODE_FLAG_SINGLE_INSTANCE), at: 44)
      put(64, at: 56)
      put(UInt32(input.count), at: 60)
    case .execute(let method):
      (minor, place) = (IRP_MN_EXECUTE_METHOD, 72)
      put(method, at: 56)
      put(72, at: 60)
      put(UInt32(input.count), at: 64)
    case .control(let events, let isOn):
      place = 48
      minor =
        events
        ? isOn ? IRP_MN_ENABLE_EVENTS : IRP_MN_DISABLE_EVENTS
        : isOn ? IRP_MN_ENABLE_COLLECTION : IRP_MN_DISABLE_COLLECTION
    }
    if let source = input.baseAddress, !input.isEmpty {
      memcpy(buffer + place, source, input.count)
    }
    return minor
  }

  private func deliver(
    _ buffer: UnsafeMutableRawPointer, _ size: Int, _ operation: BlockOperation,
    _ output: (UnsafeRawBufferPointer) -> Void
  ) {
    let field: Int
    switch operation {
    case .query: field = 56
    case .execute: field = 60
    case .set, .control: return
    }
    let offset = Int(buffer.load(fromByteOffset: field, as: UInt32.self))
    let count = Int(buffer.load(fromByteOffset: field + 4, as: UInt32.self))
    guard offset <= size, count <= size - offset else { return }
    output(UnsafeRawBufferPointer(start: buffer + offset, count: count))
  }
}
