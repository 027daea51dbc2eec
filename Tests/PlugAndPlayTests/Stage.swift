import Ring3
import TestSupport
import Testing

/// A kernel with the test drivers of Plug and Play, and what they have said.
final class Stage {
  static let test = "{8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0001}"
  static let bus = "{8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0002}"

  /// Control codes of the drivers: see `Tests/Drivers/pnp.h`.
  enum Code: UInt32 {
    case plug = 0x810, unplug, eject
    case pend = 0x820, state, power, refuse, refusePower

    var code: IoControlCode { IoControlCode(bits: 0x22_0000 | rawValue << 2) }
  }

  let kernel: Kernel
  let process: UserProcess
  private var seen = 0

  init(registry: String? = nil) throws {
    var configuration = Configuration()
    configuration.verifies = true
    configuration.registryText = registry.map { "Windows Registry Editor Version 5.00\n\n" + $0 }
    kernel = try Kernel(configuration: configuration)
    process = try kernel.makeProcess()
  }

  /// What the drivers have said since the last call, a line each.
  func said() -> [String] {
    let lines = kernel.debugOutput.split(separator: "\n").map(String.init)
    defer { seen = lines.count }
    return Array(lines.dropFirst(seen))
  }

  @discardableResult
  func load(_ name: String) throws -> Driver { try kernel.loadTestDriver("pnp" + name) }

  /// A started device of the function driver, with the filter above it.
  func addFiltered() throws -> Device {
    try kernel.addDevice(stack: [load("func"), load("filter")])
  }

  /// A started bus, whose children get the function driver.
  func addBus() throws -> Device {
    try kernel.match(#"TESTBUS\Widget"#, to: [load("func")])
    return try kernel.addDevice(stack: [load("bus")])
  }

  /// The links of the enabled interfaces of a class.
  func links(_ guid: String) throws -> [String] {
    kernel.deviceInterfaces(try #require(GUID(guid)))
  }

  /// Opens the first interface of a class.
  func open(_ guid: String) throws -> File {
    let link = try #require(links(guid).first)
    return try process.open(link)
  }

  /// Sends a control request with one number and waits for all that follows.
  @discardableResult
  func send(_ code: Code, _ number: UInt32, to file: File) throws -> NTStatus {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    var status = NTStatus.success
    do throws(KernelError) {
      _ = try file.deviceControl(code.code, input: bytes, outputCount: 0)
    } catch {
      status = try #require(error.status)
    }
    try kernel.settleDevices()
    return status
  }
}

extension Stage {
  /// The status that a call throws; nil for none.
  func status(_ body: () throws(KernelError) -> Void) -> NTStatus? {
    do {
      try body()
      return nil
    } catch {
      return error.status
    }
  }
}
