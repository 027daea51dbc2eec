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
      A script is one action a line: open, read, write, ioctl, async, wait, cancel, close, expect, \
      show, unload. Without a script the actions come from standard input. What is left open at \
      the end is closed, and the driver is unloaded.
      """)

  @Argument(
    help: "A .sys file, C or C++ source, a directory or a .vcxproj.",
    completion: .file(extensions: ["sys", "c", "cpp", "vcxproj"]))
  var driver: String

  @Argument(help: "The script; - or nothing for standard input.", completion: .file())
  var script: String?

  @Option(help: ArgumentHelp("Longest time of one request, in seconds.", valueName: "seconds"))
  var timeout = 30.0

  @Option(help: "A text file with the registry at the start.", completion: .file())
  var registry: String?

  @Option(help: "A folder that stands for the system's disk.", completion: .directory)
  var sandbox: String?

  @Flag(help: "Print what the driver prints.")
  var debugOutput = false

  @Flag(help: "Check what Driver Verifier checks: sizes, tags, flags of requests.")
  var verify = false

  @OptionGroup var build: BuildOptions
  @OptionGroup var reporting: OutputOptions

  func validate() throws {
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
      if case .bugCheck(let bugCheck) = error { throw session.stopped(bugCheck) }
      throw reporting.failure("load", error.description)
    } catch let error as BuildError {
      throw reporting.failure("build", error.message, diagnostics: error.diagnostics)
    } catch let error as RegistryError {
      throw reporting.failure("load", error.description)
    } catch let error as MachineError {
      throw reporting.failure("load", error.description)
    } catch let error as KernelError {
      if let bugCheck = error.bugCheck { throw session.stopped(bugCheck) }
      throw reporting.failure("run", error.description)
    }
  }
}
