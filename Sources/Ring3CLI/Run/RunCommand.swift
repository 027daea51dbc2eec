import ArgumentParser
import DriverBuild
import Foundation
import Ring3
import Script

/// `ring3 run`: loads a driver and does what a script says.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Loads a driver, building it first when it is source, and runs a script.",
    discussion: """
      A script is one action a line: open, read, write, ioctl, async, event, buffer, wait, cancel, \
      close, expect, show, remove, surprise, stop, start, eject, power, sleep, wake, unload. \
      Without a script the actions come from standard input. What is left open at the end is \
      closed, and the drivers are unloaded. A program may lie to a driver, and so may a script: \
      length NUMBER behind a buffer, pointer ADDRESS length NUMBER in its place, address:BUFFER in \
      data.

      A driver that has an AddDevice routine gets a device. Of several drivers the first one gets \
      it: when it is a bus driver, the others make the stack of each device that it reports, \
      bottom to top; else they stand above it on the same device.
      """)

  @OptionGroup var machine: DriverOptions

  @Option(help: ArgumentHelp("Longest time of one request, in seconds.", valueName: "seconds"))
  var timeout = 30.0

  @Flag(help: "Print what the driver prints.")
  var debugOutput = false

  @Option(
    help: ArgumentHelp(
      "Let threads, DPCs and timers run one at a time, in the order of this seed.",
      valueName: "seed"))
  var schedule: UInt64?

  @Flag(
    help: "With --schedule: send each request by a thread of its own, when the seed says so.")
  var concurrent = false

  @OptionGroup var verifier: VerifierOptions
  @OptionGroup var failures: FailureOptions
  @OptionGroup var reports: ReportOptions
  @OptionGroup var build: BuildOptions
  @OptionGroup var reporting: OutputOptions

  func validate() throws {
    if concurrent, schedule == nil { throw ValidationError("--concurrent needs --schedule.") }
    guard timeout > 0, timeout.isFinite else {
      throw ValidationError("--timeout must be a number of seconds above 0.")
    }
  }

  func run() throws {
    let session = RunSession(command: self)
    do {
      try session.run()
    } catch let error as ScriptError {
      throw reporting.failure("script", error.description)
    } catch let error as ScriptRunner.Failure {
      throw reporting.failure("script", "line \(error.line): \(error.message)")
    } catch let error as DriverLoadError {
      if case .bugCheck(let bugCheck) = error { throw try session.stopped(bugCheck) }
      throw reporting.failure("load", error.description)
    } catch let error as BuildError {
      throw reporting.failure("build", error.message, diagnostics: error.diagnostics)
    } catch let error as RegistryError {
      throw reporting.failure("load", error.description)
    } catch let error as PlugError {
      throw reporting.failure("load", "\(error)")
    } catch let error as MachineError {
      throw reporting.failure("load", error.description)
    } catch let error as KernelError {
      if let bugCheck = error.bugCheck { throw try session.stopped(bugCheck) }
      throw reporting.failure("run", error.description)
    }
  }
}
