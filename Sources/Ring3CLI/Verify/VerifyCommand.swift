import ArgumentParser
import DriverBuild
import Foundation
import Ring3
import Script

/// `ring3 verify`: lets each request of a driver for memory fail once.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Runs a script once for each place at which a driver can be refused memory, or in many orders of threads.",
    discussion: """
      The script runs once plainly. That shows the sites: the stacks of calls in the driver that end \
      in a routine which may fail for want of memory. Then it runs once for each site, in a new \
      kernel in which the first call there fails. What is only asked for after a failure fails in \
      turn, in runs of its own. A run that ends in a bug check, leaves something \
      behind or does not end is reported; a driver may refuse to load, and expectations of the \
      script may fail.

      With --schedules or --schedule nothing is refused: the script runs in orders of threads, DPCs \
      and timers that are drawn from seeds, and the seed of a finding shows it again.

      Without a script the driver is loaded, gets a device when it has an AddDevice routine, each of \
      its devices is opened, read, written and closed, and the driver is unloaded.
      """)

  @OptionGroup var machine: DriverOptions

  @Option(help: ArgumentHelp("Longest time of one run, in seconds.", valueName: "seconds"))
  var timeout: Double?

  @Option(help: ArgumentHelp("Runs at a time; else one for each processor.", valueName: "count"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Of the sites that only a failure leads to, make so many fail in turn, at most.",
      valueName: "count"))
  var secondFailures = 1000

  @OptionGroup var scheduling: ScheduleOptions
  @OptionGroup var reports: ReportOptions
  @OptionGroup var build: BuildOptions
  @OptionGroup var reporting: OutputOptions

  func validate() throws {
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw ValidationError("--timeout must be a number of seconds above 0.")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be above 0.") }
    if secondFailures < 0 { throw ValidationError("--second-failures must not be below 0.") }
  }

  func run() throws {
    do {
      if let seeds = scheduling.seeds { return try runSchedules(seeds) }
      let report = try Verification(
        subject: subject(), jobs: jobCount, timeout: timeout, secondFailures: secondFailures
      ).report()
      VerifyOutput(reporting: reporting).print(report)
      try reports.write(report.runReport(of: machine))
      if report.hasFindings { throw ExitCode(CommandFailure.driverFailed) }
    } catch let error as ScriptError {
      throw reporting.failure("script", error.description)
    } catch let error as BuildError {
      throw reporting.failure("build", error.message, diagnostics: error.diagnostics)
    } catch let error as VerifyError {
      throw reporting.failure("verify", error.description)
    }
  }

  /// Runs the script in the orders of these seeds.
  private func runSchedules(_ seeds: Range<UInt64>) throws {
    let report = try ScheduleVerification(subject()).report(
      seeds: seeds, jobs: jobCount, timeout: timeout)
    let replay = ReplayCommand(of: CommandLine.arguments)
    ScheduleOutput(reporting: reporting, replay: replay).print(report)
    try reports.write(report.runReport(of: machine, replay))
    if report.hasFindings { throw ExitCode(CommandFailure.driverFailed) }
  }

  /// Runs at a time.
  private var jobCount: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

  /// What is run again and again: read, built and parsed once.
  private func subject() throws -> VerifySubject {
    var configuration = Configuration()
    configuration.verifier = .standard
    configuration.sendsConcurrently = scheduling.concurrent
    configuration.sandboxPath = machine.sandbox
    if let text = try machine.registryText() { configuration.registryText = text }
    return VerifySubject(
      drivers: try machine.drivers.map {
        try VerifySubject.Driver(DriverFile($0, build, isVerified: true))
      },
      actions: try machine.script.map {
        try Script(bytes: machine.contents(of: $0, "the script")).actions
      },
      hardwareID: machine.hardwareID, hardware: machine.hardware, configuration: configuration)
  }
}
