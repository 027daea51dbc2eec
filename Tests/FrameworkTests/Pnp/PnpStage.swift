import Glibc
import Ring3
import TestSupport
import Testing

/// A kernel with the framework drivers of Plug and Play, and what they have said.
final class PnpStage {
  static let function = "{8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0011}"
  static let bus = "{8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0012}"

  /// Control codes of the drivers: see `Tests/Drivers/wdf-pnp.h`.
  enum Code: UInt32 {
    case plug = 0x810, unplug, eject, rescan, count
    case pend = 0x820, fail, refuse, fixed, states, ping, property, idle

    var code: IoControlCode { IoControlCode(bits: 0x22_0000 | rawValue << 2) }
  }

  let kernel: Kernel
  let process: UserProcess
  private var seen = 0

  /// - Parameters:
  ///   - failures: by driver, which of its callbacks fails; see the drivers.
  ///   - stopsClock: time stands still but for ``advance(milliseconds:)``.
  init(failures: [String: Int] = [:], stopsClock: Bool = false) throws {
    var configuration = Configuration()
    configuration.verifies = true
    configuration.usesManualClock = stopsClock
    var text = "Windows Registry Editor Version 5.00\n\n"
    for (driver, number) in failures {
      text += #"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\wdf-pnp-\#(driver)"#
      text += "\\Parameters]\n\"Fail\"=dword:\(String(number, radix: 16))\n\n"
    }
    configuration.registryText = text
    kernel = try Kernel(configuration: configuration)
    process = try kernel.makeProcess()
  }

  /// What the drivers have said since the last call, a line each.
  func said() -> [String] {
    let lines = kernel.debugOutput.split(separator: "\n").map(String.init)
    defer { seen = lines.count }
    return Array(lines.dropFirst(seen))
  }

  /// Moves a clock that stands still on.
  func advance(milliseconds: UInt64) throws {
    try kernel.machine.advanceTime(by: milliseconds * 10_000)
  }

  /// Whether the drivers have said something, or do within ten seconds.
  func waits(for line: String) throws -> Bool {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .seconds(10))
    while !kernel.debugOutput.split(separator: "\n").contains(where: { $0 == line }) {
      if clock.now > end { return false }
      _ = try kernel.settleDevices()
      sched_yield()
    }
    return true
  }

  @discardableResult
  func load(_ name: String) throws -> Driver { try kernel.loadTestDriver("wdf-pnp-" + name) }

  func addFunction() throws -> Device { try kernel.addDevice(stack: [load("function")]) }

  /// A started bus, whose children get the function driver.
  func addBus() throws -> Device {
    try kernel.match(#"WDFBUS\Widget"#, to: [load("function")])
    return try kernel.addDevice(stack: [load("bus")])
  }

  func links(_ guid: String) throws -> [String] {
    kernel.deviceInterfaces(try #require(GUID(guid)))
  }

  /// Opens the first interface of a class.
  func open(_ guid: String) throws -> File {
    try process.open(try #require(links(guid).first))
  }

  /// Sends a control request with one number, waits for all that follows, and gives its output.
  @discardableResult
  func send(_ code: Code, _ number: UInt32 = 0, to file: File, outputCount: Int = 0) throws
    -> [UInt8]
  {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    let output = try file.deviceControl(code.code, input: bytes, outputCount: outputCount)
    try kernel.settleDevices()
    return output
  }

  /// The status that a call throws; nil for none.
  func status(_ body: () throws(KernelError) -> Void) -> NTStatus? {
    do {
      try body()
      return nil
    } catch {
      return error.status
    }
  }

  /// Whether nothing of the drivers is left: devices, and blocks of pool with their tags.
  var isEmpty: Bool { kernel.objects.allSatisfy { $0.type != "Device" } }
}

/// The 32-bit numbers of an answer.
func words32(_ bytes: [UInt8]) -> [UInt32] {
  stride(from: 0, to: bytes.count - 3, by: 4).map { start in
    (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << ($1 * 8) }
  }
}

/// Parts of what is said, one after the other.
func inOrder(_ parts: [String]...) -> [String] { parts.flatMap { $0 } }
