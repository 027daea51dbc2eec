import Ring3
import Synchronization

/// A USB board with a bulk loopback, eight switches that interrupt, and registers by vendor requests.
public final class UsbBoard: SimulatedUSBDevice {
  private struct State: Sendable {
    var port: USBPort?
    var queue: [[UInt8]] = []
    var switches: UInt8 = 0
    var isChanged = false
    var registers: [UInt8: UInt8] = [:]
    var requests: [USBControlRequest] = []
    var events: [String] = []
    var nextReplies: [USBReply] = []
  }

  private let state = Mutex(State())
  public let usb: USBDescription

  public init(serialNumber: String? = nil) {
    usb = USBDescription(
      vendorID: 0x0547, productID: 0x1002, manufacturer: "Ring3", product: "Board",
      serialNumber: serialNumber,
      configurations: [
        USBConfiguration(
          canWake: true,
          interfaces: [
            USBInterface(endpoints: [.interruptIn(1), .bulkOut(6), .bulkIn(8)]),
            USBInterface(setting: 1, endpoints: [.bulkIn(8, 64)]),
          ])
      ])
  }

  // MARK: For tests

  public var port: USBPort? { state.withLock { $0.port } }
  public var requests: [USBControlRequest] { state.withLock { $0.requests } }
  public var waiting: Int { state.withLock { $0.queue.count } }

  /// What has been selected and reset since the last call.
  public func takeEvents() -> [String] {
    state.withLock { state in
      defer { state.events = [] }
      return state.events
    }
  }

  /// Sets the switches, which interrupts.
  public func setSwitches(_ value: UInt8) {
    let port = state.withLock { state in
      state.switches = value
      state.isChanged = true
      return state.port
    }
    port?.ready(endpoint: 0x81)
  }

  /// Has the interrupt endpoint answer so, once.
  public func answerInterrupt(_ reply: USBReply) {
    let port = state.withLock { state in
      state.nextReplies.append(reply)
      return state.port
    }
    port?.ready(endpoint: 0x81)
  }

  public func register(_ number: UInt8) -> UInt8 { state.withLock { $0.registers[number] ?? 0 } }
  public func setRegister(_ number: UInt8, _ value: UInt8) {
    state.withLock { $0.registers[number] = value }
  }

  // MARK: The device

  public func attached(to port: USBPort) { state.withLock { $0.port = port } }
  public func reset() {
    state.withLock { state in
      state.queue = []
      state.events.append("reset")
    }
  }
  public func configured(_ configuration: UInt8) {
    state.withLock { $0.events.append("configuration \(configuration)") }
  }
  public func selected(interface: UInt8, setting: UInt8) {
    state.withLock { $0.events.append("interface \(interface) setting \(setting)") }
  }

  public func control(_ request: USBControlRequest, _ data: [UInt8]) -> USBReply {
    // The OSR boards connect anew when they are asked to.
    if request.kind == 2, request.request == 0xDA { port?.reconnect() }
    return state.withLock { state in
      state.requests.append(request)
      guard request.kind == 2, request.request >= 0xD0 else { return .stall }
      // The OSR boards have the setting of a register one number behind the reading.
      if request.isToHost {
        if request.request == 0xD6 { return .data([state.switches]) }
        return .data([state.registers[request.request == 0xD4 ? 0xDB : 0xD8] ?? 0])
      }
      if let value = data.first { state.registers[request.request] = value }
      return .accepted
    }
  }

  public func receive(_ data: [UInt8], endpoint: UInt8) -> USBReply {
    let port = state.withLock { state in
      state.queue.append(data)
      return state.port
    }
    port?.ready(endpoint: 0x88)
    return .accepted
  }

  public func send(endpoint: UInt8, limit: Int) -> USBReply {
    state.withLock { state in
      if endpoint == 0x81 {
        if !state.nextReplies.isEmpty { return state.nextReplies.removeFirst() }
        guard state.isChanged else { return .notReady }
        state.isChanged = false
        return .data([state.switches])
      }
      guard !state.queue.isEmpty else { return .notReady }
      let data = state.queue.removeFirst()
      // A packet that was not asked for whole is read on by the next transfer.
      if data.count > limit { state.queue.insert(Array(data[limit...]), at: 0) }
      return .data(Array(data.prefix(limit)))
    }
  }
}
