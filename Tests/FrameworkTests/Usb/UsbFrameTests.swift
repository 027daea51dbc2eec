import Ring3
import Synchronization
import TestSupport
import Testing

/// Isochronous pipes under a framework driver that sends requests in parts, with their own MDLs.
@Suite struct UsbFrameTests {
  @Test("A read fills its buffer packet by packet, and keeps its own MDL between two transfers")
  func read() throws {
    let stage = try FrameStage()
    let bytes = try stage.file.read(count: 5 * 64)
    #expect(bytes == (0..<5).flatMap { Array(repeating: UInt8($0), count: 64) })
    #expect(
      stage.lines == [
        "ready", "in 00000000: 2 packets with 128 bytes, 0 errors, own MDL",
        "in 00000000: 3 packets with 192 bytes, 0 errors, own MDL",
      ])
    try stage.end()
  }

  @Test("A write goes out packet by packet, and keeps its own MDL between two transfers")
  func write() throws {
    let stage = try FrameStage()
    let bytes = (0..<4 * 64).map { UInt8($0) }
    #expect(try stage.file.write(bytes) == bytes.count)
    #expect(stage.device.packets == (0..<4).map { Array(bytes[$0 * 64..<($0 + 1) * 64]) })
    // The lengths of packets are not set for a write.
    #expect(
      stage.lines == [
        "ready", "out 00000000: 2 packets with 0 bytes, 0 errors, own MDL",
        "out 00000000: 2 packets with 0 bytes, 0 errors, own MDL",
      ])
    try stage.end()
  }

  @Test("The driver is told of each request that comes after it has fetched all")
  func notices() throws {
    let stage = try FrameStage()
    for _ in 0..<3 { #expect(try stage.file.read(count: 64).count == 64) }
    #expect(stage.lines.filter { $0 == "ready" }.count == 3)
    try stage.end()
  }

  @Test("Each packet has a length and a status; a transfer fails when all of its packets do")
  func packets() throws {
    let stage = try FrameStage()
    stage.device.answer([.data([7]), .failure(0xC000_0011), .data([]), .notReady])
    let bytes = try stage.file.read(count: 4 * 64)
    #expect(bytes == [7] + Array(repeating: 0, count: 4 * 64 - 1))
    stage.device.answer([.failure(0xC000_0011)])
    #expect(throws: KernelError.self) { try stage.file.read(count: 64) }
    #expect(
      stage.lines.filter { $0 != "ready" } == [
        "in 00000000: 2 packets with 1 bytes, 1 errors, own MDL",
        "in 00000000: 2 packets with 0 bytes, 0 errors, own MDL",
        "in c0000001: 1 packets with 0 bytes, 1 errors, own MDL",
      ])
    try stage.end()
  }
}

/// A device with an isochronous endpoint each way.
private final class FrameDevice: SimulatedUSBDevice {
  private struct State {
    var next: UInt8 = 0
    var replies: [USBReply] = []
    var packets: [[UInt8]] = []
  }

  private let state = Mutex(State())
  let usb = USBDescription(
    vendorID: 0x0547, productID: 0x2002,
    configurations: [
      USBConfiguration(interfaces: [
        USBInterface(endpoints: [.isochronousIn(1, 64), .isochronousOut(2, 64)])
      ])
    ])

  /// What was received.
  var packets: [[UInt8]] { state.withLock { $0.packets } }

  /// Has the next packets be these.
  func answer(_ replies: [USBReply]) { state.withLock { $0.replies = replies } }

  func receive(_ data: [UInt8], endpoint: UInt8) -> USBReply {
    state.withLock { $0.packets.append(data) }
    return .accepted
  }

  func send(endpoint: UInt8, limit: Int) -> USBReply {
    state.withLock { state in
      if !state.replies.isEmpty { return state.replies.removeFirst() }
      defer { state.next &+= 1 }
      return .data(Array(repeating: state.next, count: limit))
    }
  }
}

/// A kernel with a device that has isochronous pipes.
private final class FrameStage {
  let kernel: Kernel
  let device = FrameDevice()
  let driver: Driver
  let plugged: Device
  let file: File

  init() throws {
    var configuration = Configuration()
    configuration.verifies = true
    kernel = try Kernel(configuration: configuration)
    driver = try kernel.loadTestDriver("wdf-usb-frames")
    plugged = try kernel.plugIn(device, stack: [driver])
    file = try kernel.makeProcess().open(try #require(plugged.interfaces.first))
  }

  /// All that the driver has said, a line each.
  var lines: [String] { kernel.debugOutput.split(separator: "\n").map(String.init) }

  func end() throws {
    try file.close()
    try plugged.remove()
    try driver.unload()
    #expect(kernel.leaks.isEmpty)
    #expect(kernel.frameworkObjects.isEmpty)
  }
}
