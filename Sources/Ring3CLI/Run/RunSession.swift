import ArgumentParser
import DriverBuild
import Foundation
import Reports
import Ring3
import Script

/// One run of `ring3 run`, from building to unloading.
final class RunSession {
  let command: RunCommand
  /// The kernel of the run, for the report of its end.
  private(set) var kernel: Kernel?
  /// Takes down what happens, when a report is asked for.
  private(set) var recorder: RunRecorder?
  /// The verdicts that were printed.
  var verdictCount = 0
  var areReportsWritten = false
  /// The line of the script that is being done; nil outside it.
  private(set) var line: Int?

  init(command: RunCommand) { self.command = command }

  func run() throws {
    do {
      try performAll()
    } catch {
      try cutShort(by: error)
      throw error
    }
  }

  private func performAll() throws {
    let script = try parsedScript()
    let files = try command.machine.drivers.map {
      try DriverFile($0, command.build, isVerified: !command.verifier.classes.isEmpty)
    }
    let kernel = try Kernel(configuration: configuration())
    self.kernel = kernel
    record(files, kernel)
    let watchdog = Watchdog(seconds: command.timeout * 2 + 10) { [self] in giveUp($0) }
    let drivers = try zip(files, command.machine.drivers).map { file, path in
      try step("load \(path)") { try load(file, in: kernel) }
    }
    if drivers.first?.isPlugAndPlay == true {
      try step("add the device") { try addDevice(drivers, in: kernel) }
    }
    let runner = try ScriptRunner(
      kernel: kernel, drivers: drivers, limit: command.timeout, print: emit)
    try perform(script, runner, watchdog)
    try finish(runner, kernel)
    watchdog.stop()
    showSchedule()
    if let failure = try judgement(runner) { throw failure }
  }

  /// Begins a report, when one is asked for.
  private func record(_ files: [DriverFile], _ kernel: Kernel) {
    guard !command.reports.files.isEmpty else { return }
    let names = command.machine.drivers.map { URL(fileURLWithPath: $0).lastPathComponent }
    let recorder = RunRecorder(title: names.joined(separator: ", "), kernel: kernel)
    recorder.report.drivers = zip(names, command.machine.drivers).map {
      RunReport.Driver(name: $0, path: $1)
    }
    recorder.report.script = command.machine.script.flatMap { $0 == "-" ? nil : $0 }
    recorder.report.classes = command.verifier.classes.wordList
    self.recorder = recorder
  }

  /// Does a part of the run, takes it down, and prints the verdicts that come of it.
  private func step<R>(_ text: String, _ body: () throws -> R) throws -> R {
    recorder?.begin(text)
    let result = try body()
    recorder?.end()
    showVerdicts()
    return result
  }

  /// Does an action of the script.
  private func perform(_ action: Action, _ runner: ScriptRunner) throws {
    line = action.line > 0 ? action.line : nil
    kernel?.scriptLine = line
    recorder?.begin(action.text, line: line)
    if case .unload = action.kind { recorder?.recordObjects() }
    let failures = runner.failureCount
    try runner.perform(action)
    let report = runner.lastReport
    recorder?.end(
      status: report?.statusName ?? report?.status, information: report?.information,
      message: report?.message,
      failure: runner.failureCount > failures ? report?.message : nil)
    showVerdicts()
    kernel?.scriptLine = nil
    line = nil
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
    let identifiers = [command.machine.hardwareID]
    let resources = try command.machine.hardware.map { try kernel.plug($0.make()).resources } ?? []
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
    guard let path = command.machine.script, path != "-" else { return nil }
    return try Script(bytes: command.machine.contents(of: path, "the script"))
  }

  private func perform(_ script: Script?, _ runner: ScriptRunner, _ watchdog: Watchdog) throws {
    if let script {
      for action in script.actions {
        watchdog.touch("line \(action.line): \(action.text)")
        try perform(action, runner)
      }
      return
    }
    var parser = ScriptParser()
    while let line = readLine() {
      if let action = try parser.action(line) {
        watchdog.touch("line \(action.line): \(action.text)")
        try perform(action, runner)
        fflush(nil)
      }
      watchdog.pause()
    }
  }

  /// Unloads the driver, unless the script did, and says what it left.
  private func finish(_ runner: ScriptRunner, _ kernel: Kernel) throws {
    guard !runner.isUnloaded else { return }
    try perform(Action(kind: .unload, line: 0, text: "unload"), runner)
  }

  private func configuration() throws -> Configuration {
    var configuration = Configuration()
    configuration.verifier = command.verifier.classes
    configuration.keepsGoing = command.build.keepGoing
    configuration.schedule = command.schedule
    configuration.sendsConcurrently = command.concurrent
    configuration.sandboxPath = command.machine.sandbox
    if let text = try command.machine.registryText() { configuration.registryText = text }
    if let plan = command.failures.plan { configuration.lowResources = plan }
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

  /// Says which order the threads had, with a seed.
  func showSchedule() {
    guard let schedule = kernel?.schedule else { return }
    emit(ActionReport(op: "order", message: schedule.summary))
  }

  private func emit(_ report: ActionReport) {
    if command.reporting.json {
      command.reporting.printJSON(report)
    } else {
      print(report.text)
    }
  }
}
