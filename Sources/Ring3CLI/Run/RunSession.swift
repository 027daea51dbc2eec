import ArgumentParser
import DriverBuild
import Foundation
import Ring3
import Script

/// One run of `ring3 run`, from building to unloading.
final class RunSession {
  let command: RunCommand
  /// The kernel of the run, for the report of its end.
  private var kernel: Kernel?

  init(command: RunCommand) { self.command = command }

  func run() throws {
    let script = try parsedScript()
    let files = try command.drivers.map { try DriverFile($0, command.build) }
    let kernel = try Kernel(configuration: configuration())
    self.kernel = kernel
    let watchdog = Watchdog(seconds: command.timeout * 2 + 10)
    let drivers = try files.map { file in try load(file, in: kernel) }
    try addDevice(drivers, in: kernel)
    let runner = try ScriptRunner(
      kernel: kernel, drivers: drivers, limit: command.timeout, print: emit)
    try perform(script, runner, watchdog)
    try finish(runner, kernel)
    watchdog.stop()
    if runner.failureCount > 0 {
      throw CommandFailure(
        message: "\(runner.failureCount) expectations failed.",
        status: CommandFailure.expectationFailed)
    }
  }

  private func load(_ file: DriverFile, in kernel: Kernel) throws -> Driver {
    let driver = try file.load(in: kernel)
    let place =
      switch file {
      case .image: " at \(hex(driver.baseAddress))"
      case .library(_, let source): ", in Swift, from \(source)"
      }
    emit(ActionReport(op: "load", message: driver.name + place))
    for name in driver.missingImports {
      emit(
        ActionReport(op: "note", message: "\(name) is not implemented; calling it stops the kernel")
      )
    }
    return driver
  }

  /// Gives the first driver a device, and the others their places; nothing for a legacy driver.
  private func addDevice(_ drivers: [Driver], in kernel: Kernel) throws {
    guard let first = drivers.first, first.isPlugAndPlay else { return }
    let others = Array(drivers.dropFirst()).filter(\.isPlugAndPlay)
    try kernel.match("*", to: others)
    let identifiers = [command.hardwareID]
    let resources = try command.hardware.map { try kernel.plug($0.make()).resources } ?? []
    var device = try kernel.addDevice(
      stack: [first], hardwareIDs: identifiers, resources: resources)
    if !others.isEmpty, device.state == .started, device.description?.isBus == false {
      // No bus: the same device once more, with all of them.
      try device.remove()
      try kernel.match("*", to: [])
      device = try kernel.addDevice(
        stack: [first] + others, hardwareIDs: identifiers, resources: resources)
    }
    for description in kernel.deviceDescriptions {
      emit(ActionReport(op: "device", message: Listing.line(description)))
    }
    guard device.state == .started else {
      throw CommandFailure(message: "The device of \(first.name) did not start.")
    }
  }

  /// The parsed script; nil when the actions come from standard input.
  private func parsedScript() throws -> Script? {
    guard let path = command.script, path != "-" else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(message: "\(path): the script cannot be read. Does the file exist?")
    }
    return try Script(bytes: Array(data))
  }

  private func perform(_ script: Script?, _ runner: ScriptRunner, _ watchdog: Watchdog) throws {
    if let script {
      for action in script.actions {
        watchdog.touch("line \(action.line): \(action.text)")
        try runner.perform(action)
      }
      return
    }
    var parser = ScriptParser()
    while let line = readLine() {
      if let action = try parser.action(line) {
        watchdog.touch("line \(action.line): \(action.text)")
        try runner.perform(action)
        fflush(nil)
      }
      watchdog.pause()
    }
  }

  /// Unloads the driver, unless the script did, and says what it left.
  private func finish(_ runner: ScriptRunner, _ kernel: Kernel) throws {
    guard !runner.isUnloaded else { return }
    try runner.perform(Action(kind: .unload, line: 0, text: "unload"))
  }

  private func configuration() throws -> Configuration {
    var configuration = Configuration()
    configuration.verifies = command.verify
    configuration.sandboxPath = command.sandbox
    if let path = command.registry {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw CommandFailure(message: "\(path): the registry file cannot be read.")
      }
      configuration.registryText = String(decoding: data, as: UTF8.self)
    }
    if command.debugOutput {
      let isJSON = command.reporting.json
      configuration.debugOutput = { text in
        if isJSON {
          OutputOptions.printDebug(text)
        } else {
          printError(text.trimmingSuffix(while: \.isNewline))
        }
      }
    }
    return configuration
  }

  private func emit(_ report: ActionReport) {
    if command.reporting.json {
      command.reporting.printJSON(report)
    } else {
      print(report.text)
    }
  }

  /// Prints the report of a bug check; gives the error that ends the command.
  func stopped(_ plain: BugCheck) -> any Error {
    let bugCheck = kernel?.addingSourceLines(to: plain) ?? plain
    if command.reporting.json {
      command.reporting.printJSON(BugCheckReport(bugCheck))
    } else {
      print(bugCheck.message)
    }
    return ExitCode(CommandFailure.driverFailed)
  }
}

/// A bug check as an object.
struct BugCheckReport: Encodable {
  var op = "bugcheck"
  var code: String
  var name: String?
  var parameters: [String]
  var meaning: String?
  var subject: String?
  var stack: [String]
  var frames: [Frame]

  /// One call of the driver.
  struct Frame: Encodable {
    var address: String
    var module: String?
    var offset: UInt64?
    var symbol: String?
    var function: String?
    var file: String?
    var line: Int?
    /// What the code was inlined into, the innermost first.
    var inlinedInto: [Place]?

    struct Place: Encodable {
      var function: String
      var file: String
      var line: Int
    }

    init(_ frame: BugCheck.Frame) {
      address = hex(frame.address)
      module = frame.module
      offset = frame.offset
      symbol = frame.symbol
      function = frame.places.first?.function
      file = frame.places.first?.file
      line = frame.places.first?.line
      if frame.places.count > 1 {
        inlinedInto = frame.places.dropFirst().map {
          Place(function: $0.function, file: $0.file, line: $0.line)
        }
      }
    }
  }

  init(_ bugCheck: BugCheck) {
    code = "0x" + bugCheck.code.rawValue.hexadecimal(8)
    name = bugCheck.code.name
    parameters = bugCheck.parameters.map { hex($0) }
    meaning = bugCheck.code.meaning
    subject = bugCheck.context.subject
    stack = bugCheck.context.frames.map { "\($0)" }
    frames = bugCheck.context.frames.map { Frame($0) }
  }
}
