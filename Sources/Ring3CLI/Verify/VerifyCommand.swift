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
      kernel in which the first call there fails. A run that ends in a bug check, leaves something \
      behind or does not end is reported; a driver may refuse to load, and expectations of the \
      script may fail.

      With --schedules or --schedule nothing is refused: the script runs in orders of threads, DPCs \
      and timers that are drawn from seeds, and the seed of a finding shows it again.

      Without a script the driver is loaded, gets a device when it has an AddDevice routine, each of \
      its devices is opened, read, written and closed, and the driver is unloaded.
      """)

  @Argument(
    help: ArgumentHelp(
      "Drivers - .sys files, Swift, C or C++ source, directories or .vcxproj files - and behind "
        + "them the script.", valueName: "driver ... [script]"),
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

  @Option(help: ArgumentHelp("Longest time of one run, in seconds.", valueName: "seconds"))
  var timeout: Double?

  @Option(help: ArgumentHelp("Runs at a time; else one for each processor.", valueName: "count"))
  var jobs: Int?

  @Option(help: "A text file with the registry at the start.", completion: .file())
  var registry: String?

  @Option(help: "A folder that stands for the system's disk.", completion: .directory)
  var sandbox: String?

  @OptionGroup var scheduling: ScheduleOptions
  @OptionGroup var build: BuildOptions
  @OptionGroup var reporting: OutputOptions

  /// The script: the last word, unless it is the only one or a driver.
  private var script: String? {
    guard inputs.count > 1, let last = inputs.last, !DriverFile.isDriver(last) else { return nil }
    return last
  }

  func validate() throws {
    guard !inputs.isEmpty else { throw ValidationError("Name a driver.") }
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw ValidationError("--timeout must be a number of seconds above 0.")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be above 0.") }
    let drivers = script == nil ? inputs[...] : inputs.dropLast()
    if let extra = drivers.dropFirst().first(where: { !DriverFile.isDriver($0) }) {
      throw ValidationError("\(extra) is no driver; the script stands behind all drivers.")
    }
  }

  func run() throws {
    do {
      if let seeds = scheduling.seeds { return try runSchedules(seeds) }
      let report = try Verification(subject()).report(
        jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, timeout: timeout)
      VerifyOutput(reporting: reporting).print(report)
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
      seeds: seeds, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, timeout: timeout)
    ScheduleOutput(reporting: reporting, arguments: CommandLine.arguments).print(report)
    if report.hasFindings { throw ExitCode(CommandFailure.driverFailed) }
  }

  /// What is run again and again: read, built and parsed once.
  private func subject() throws -> VerifySubject {
    let drivers = script == nil ? inputs : inputs.dropLast()
    var configuration = Configuration()
    configuration.verifier = .standard
    configuration.sendsConcurrently = scheduling.concurrent
    configuration.sandboxPath = sandbox
    if let registry {
      configuration.registryText = String(decoding: try contents(of: registry), as: UTF8.self)
    }
    return VerifySubject(
      drivers: try drivers.map { try VerifySubject.Driver(DriverFile($0, build)) },
      actions: try script.map { try Script(bytes: Array(contents(of: $0))).actions },
      hardwareID: hardwareID, hardware: hardware, configuration: configuration)
  }

  private func contents(of path: String) throws -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(message: "\(path): cannot be read. Does the file exist?")
    }
    return data
  }
}
