import Ring3
import TestSupport
import Testing

/// A kernel with a USB board and its framework driver.
final class UsbFrameworkStage {
  static let interface = "{8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0021}"

  /// Scenarios of `Tests/Drivers/wdf-usb.c`, in their order.
  enum Scenario: UInt32 {
    case describe = 0x800, query, control, loop, pipes, refuse, bus, select, reselect, sendUrb
    case formatString, port, readers
  }

  let kernel: Kernel
  let board = UsbBoard()
  let driver: Driver
  let device: Device
  private(set) var file: File
  private var seen = 0

  init() throws {
    var configuration = Configuration()
    configuration.verifies = true
    kernel = try Kernel(configuration: configuration)
    driver = try kernel.loadTestDriver("wdf-usb")
    device = try kernel.plugIn(board, stack: [driver])
    let guid = try #require(GUID(Self.interface))
    let link = try #require(kernel.deviceInterfaces(guid).first)
    file = try kernel.makeProcess().open(link)
  }

  /// Has the driver do a scenario with numbers; gives the numbers that it answers with.
  func run(_ scenario: Scenario, _ input: UInt64...) throws -> [UInt64] {
    let bytes = input.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let output = try file.deviceControl(
      IoControlCode(bits: 0x22_0000 | scenario.rawValue << 2), input: bytes, outputCount: 256)
    return stride(from: 0, to: output.count, by: 8).map { start in
      (0..<8).reduce(0) { $0 | UInt64(output[start + $1]) << ($1 * 8) }
    }
  }

  /// All that the driver has said, a line each.
  var all: [String] { kernel.debugOutput.split(separator: "\n").map(String.init) }

  /// Waits for something that a worker thread has the driver say.
  func wait(for line: String) {
    let end = ContinuousClock.now + .seconds(20)
    while !all.contains(line), ContinuousClock.now < end {}
    #expect(all.contains(line))
  }

  /// Takes the device out and unloads the driver: nothing of either is left.
  func end() throws {
    try? file.close()
    if device.exists { try device.remove() }
    try driver.unload()
    #expect(kernel.leaks.isEmpty)
    #expect(kernel.frameworkObjects.isEmpty)
  }
}
