import ArgumentParser
import Foundation

/// The drivers of a command, the script behind them, and the machine that they are loaded into.
struct DriverOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Drivers - .sys files, Swift, C or C++ source, directories or .vcxproj files - and behind "
        + "them the script; - or nothing for standard input.", valueName: "driver ... [script]"),
    completion: .file())
  var inputs: [String]

  @Option(
    name: .customLong("hardware-id"),
    help: ArgumentHelp("Identifier of the device of the first driver.", valueName: "id"))
  var hardwareID = #"ROOT\RING3"#

  @Option(
    name: .customLong("plug"),
    help: ArgumentHelp(
      "Give the first driver's device the resources of simulated hardware.",
      valueName: SimulatedHardware.allCases.map(\.rawValue).joined(separator: "|")))
  var hardware: SimulatedHardware?

  @Option(help: "A text file with the registry at the start.", completion: .file())
  var registry: String?

  @Option(help: "A folder that stands for the system's disk.", completion: .directory)
  var sandbox: String?

  /// The drivers, in the order in which they are loaded.
  var drivers: [String] {
    script == nil ? inputs : inputs.dropLast()
  }

  /// The script: the last word, unless it is the only one or a driver.
  var script: String? {
    guard inputs.count > 1, let last = inputs.last, !DriverFile.isDriver(last) else { return nil }
    return last
  }

  func validate() throws {
    guard !inputs.isEmpty else { throw ValidationError("Name a driver.") }
    if let extra = drivers.dropFirst().first(where: { !DriverFile.isDriver($0) }) {
      throw ValidationError("\(extra) is no driver; the script stands behind all drivers.")
    }
  }

  /// The text of the registry's file; nil without one.
  func registryText() throws -> String? {
    try registry.map { String(decoding: try contents(of: $0, "the registry file"), as: UTF8.self) }
  }

  /// The bytes of a file that the user named.
  func contents(of path: String, _ noun: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(message: "\(path): \(noun) cannot be read. Does the file exist?")
    }
    return Array(data)
  }
}
