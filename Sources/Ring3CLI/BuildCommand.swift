import ArgumentParser
import DriverBuild

/// `ring3 build`: source to a `.sys`, or to a `.so` for a driver in Swift.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Builds a driver from Swift, C or C++ source.",
    discussion: """
      The driver is compiled and linked by the Swift toolchain's clang and lld-link, with the \
      bundled headers. A directory stands for the Visual Studio driver project in it, or else for \
      all Swift files in it, or else for all C and C++ files in it.

      A driver in Swift becomes a library that this build of ring3 can load: it is compiled by the \
      toolchain's swiftc against the modules in the build folder of ring3.
      """)

  @Argument(
    help: "Swift, C or C++ files, a directory, or a .vcxproj.",
    completion: .file(extensions: ["swift", "c", "cpp", "cxx", "cc", "vcxproj", "obj", "lib"]))
  var sources: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the driver here. (default: the name of the source)", valueName: "file"),
    completion: .file(extensions: ["sys", "so"]))
  var output: String?

  @OptionGroup var build: BuildOptions
  @OptionGroup var reporting: OutputOptions

  func run() throws {
    let path = output ?? DriverBuilder.usualName(of: sources)
    let driver: BuiltDriver
    do throws(BuildError) {
      driver = try build.builder().build(sources: sources, output: path)
    } catch {
      throw reporting.failure("build", error.message, diagnostics: error.diagnostics)
    }
    if reporting.json {
      struct Report: Encodable {
        var op = "build"
        var path: String
        var library: String?
        var warnings: String
        var notes: [String]
        var cached: Bool
      }
      reporting.printJSON(
        Report(
          path: driver.path, library: driver.importLibrary, warnings: driver.warnings,
          notes: driver.notes,
          cached: driver.isFromCache))
    } else {
      driver.printRemarks()
      print(driver.path)
      if let library = driver.importLibrary { print(library) }
    }
  }
}

extension BuiltDriver {
  /// Prints what the build had to say to standard error.
  func printRemarks() {
    if !warnings.isEmpty { printError(warnings.trimmingSuffix(while: \.isNewline)) }
    for note in notes { printError("note: " + note) }
  }
}
