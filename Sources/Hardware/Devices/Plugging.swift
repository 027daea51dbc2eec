import Glibc
import Machine
import Memory

/// Physical addresses or ports of a device.
struct DeviceRange {
  let space: DeviceAccess.Space
  let start: UInt64
  let byteCount: Int
  let region: Int
  /// Keeps the device.
  let plug: Unmanaged<DevicePlug>
  var next: UnsafeMutablePointer<DeviceRange>?

  func contains(_ address: UInt64, _ count: Int) -> Bool {
    address >= start && address - start <= UInt64(byteCount - min(count, byteCount))
  }
}

/// A device and its bus, as the machine keeps them.
final class DevicePlug: @unchecked Sendable {
  let device: any SimulatedDevice
  let bus: DeviceBus

  init(device: any SimulatedDevice, bus: DeviceBus) {
    self.device = device
    self.bus = bus
  }
}

/// Why a device was not plugged.
public enum PlugError: Error, Sendable, Equatable {
  /// No ports are left, or the device wants more than 4096.
  case noPorts
  /// No interrupt vectors are left, or there is no line to be shared.
  case noInterrupt
  /// The host gives no memory.
  case noMemory
}

extension Hardware {
  /// Plugs a device: gives it resources, and has its registers answer.
  ///
  /// Outside the kernel or inside, at PASSIVE_LEVEL. It stays until the machine ends. The resources go
  /// to a driver as a list, or with ``assign(_:to:mapRegisterLimit:)`` to a device object.
  @discardableResult
  package func plug(_ device: any SimulatedDevice) throws(PlugError) -> DeviceBus {
    let configuration = device.configuration
    var list: [DeviceResources.Resource] = []
    for region in configuration.regions { list.append(try takeAddresses(region)) }
    list += try takeInterrupts(configuration.interrupt).map { .interrupt($0) }
    var memories: [Int: UnsafeMutableRawBufferPointer] = [:]
    for (index, region) in configuration.regions.enumerated() {
      memories[index] = try prepare(region, list[index])
    }
    let bus = DeviceBus(
      machine: machine, resources: DeviceResources(list),
      addressWidth: configuration.addressWidth, memories: memories)
    let plug = DevicePlug(device: device, bus: bus)
    for (index, region) in configuration.regions.enumerated() {
      addRange(region, list[index], index, plug)
    }
    // A device without regions is kept too.
    if configuration.regions.isEmpty {
      addRange(.ports(count: 0), .port(start: 0, byteCount: 0), 0, plug)
    }
    device.plugged(into: bus)
    return bus
  }

  private func takeAddresses(_ region: DeviceConfiguration.Region) throws(PlugError)
    -> DeviceResources.Resource
  {
    state.pointee.lock.lockStaying()
    defer { state.pointee.lock.unlock() }
    switch region {
    case .registers(let byteCount), .memory(let byteCount):
      let size = (max(byteCount, 1) + pageSize - 1) & ~(pageSize - 1)
      return .memory(
        start: state.pointee.addresses.takeMemory(size), byteCount: UInt32(clamping: size))
    case .ports(let count):
      guard let start = state.pointee.addresses.takePorts(count) else { throw .noPorts }
      return .port(start: UInt64(start), byteCount: UInt32(count))
    }
  }

  private func takeInterrupts(_ interrupt: DeviceConfiguration.Interrupt) throws(PlugError)
    -> [DeviceInterrupt]
  {
    switch interrupt {
    case .none: return []
    case .shared(let vector):
      guard let line = line(vector: vector), line.pointee.interrupt.isShared else {
        throw .noInterrupt
      }
      return [line.pointee.interrupt]
    case .line:
      guard let line = makeInterrupt(isMessage: false) else { throw .noInterrupt }
      return [line]
    case .messages(let count):
      var messages: [DeviceInterrupt] = []
      for _ in 0..<count {
        guard let message = makeInterrupt(isMessage: true) else { throw .noInterrupt }
        messages.append(message)
      }
      return messages
    }
  }

  /// Makes registers trap; gives the bytes of plain memory.
  private func prepare(
    _ region: DeviceConfiguration.Region, _ resource: DeviceResources.Resource
  ) throws(PlugError) -> UnsafeMutableRawBufferPointer? {
    guard case .memory(let start, let byteCount) = resource else { return nil }
    if case .registers = region {
      machine.addRegisters(start, pageCount: Int(byteCount) >> pageShift)
      return nil
    }
    guard
      let memory = machine.mapPhysical(
        start, UInt(byteCount), protection: PROT_READ | PROT_WRITE)
    else { throw .noMemory }
    return UnsafeMutableRawBufferPointer(start: memory, count: Int(byteCount))
  }

  private func addRange(
    _ region: DeviceConfiguration.Region, _ resource: DeviceResources.Resource, _ index: Int,
    _ plug: DevicePlug
  ) {
    let range = UnsafeMutablePointer<DeviceRange>.allocate(capacity: 1)
    let (space, start, byteCount): (DeviceAccess.Space, UInt64, UInt32) =
      switch resource {
      case .memory(let start, let byteCount): (.memory, start, byteCount)
      case .port(let start, let byteCount): (.port, start, byteCount)
      case .interrupt, .dma: (.port, 0, 0)
      }
    state.pointee.lock.lockStaying()
    range.initialize(
      to: DeviceRange(
        space: space, start: start, byteCount: Int(byteCount), region: index,
        plug: Unmanaged.passRetained(plug), next: state.pointee.ranges))
    state.pointee.ranges = range
    state.pointee.lock.unlock()
  }

  func destroyDevices() {
    while let range = state.pointee.ranges {
      state.pointee.ranges = range.pointee.next
      range.pointee.plug.release()
      range.deallocate()
    }
    while let record = state.pointee.assignments {
      state.pointee.assignments = record.pointee.next
      record.pointee.destroy()
      record.deallocate()
    }
  }
}
