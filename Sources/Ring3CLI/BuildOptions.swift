import ArgumentParser
import DriverBuild

/// How a driver is built from source.
struct BuildOptions: ParsableArguments {
  @Option(
    name: [.customShort("I", allowingJoined: true), .customLong("include")],
    help: ArgumentHelp("Search a directory for headers.", valueName: "dir"),
    completion: .directory)
  var includeDirectories: [String] = []

  @Option(
    name: [.customShort("D", allowingJoined: true), .customLong("define")],
    help: ArgumentHelp("Define a macro.", valueName: "name[=value]"))
  var defines: [String] = []

  @Option(
    name: [.customShort("O", allowingJoined: true), .customLong("optimize")],
    help: ArgumentHelp("Optimise: 0, 1, 2 or s.", valueName: "level"))
  var optimization = DriverBuilder.Optimization.speed

  @Option(
    name: [.customShort("l"), .customLong("library")],
    help: ArgumentHelp(
      "Link a library or object file, or import the names of a .def file.", valueName: "file"),
    completion: .file(extensions: ["lib", "obj", "def"]))
  var libraries: [String] = []

  @Option(
    name: .customLong("type"),
    help: ArgumentHelp(
      "Of several types in Swift source that conform to SwiftDriver, the driver.", valueName: "name"
    ))
  var driverTypes: [String] = []

  @Flag(
    inversion: .prefixedNo,
    help:
      "Check each access of code built from C or C++ (address sanitizer): with --verify, unless --no-kasan."
  )
  var kasan: Bool?

  @Flag(name: .customLong("cfg"), help: "Build with control-flow guard.")
  var controlFlowGuard = false

  @Flag(
    name: [.short, .long],
    help:
      "Go on after an error: compile the other sources; when drivers are verified, collect the verdicts where going on is sound."
  )
  var keepGoing = false

  @Flag(help: "Build even when nothing changed.")
  var noCache = false

  @Flag(name: [.short, .long], help: "Print the commands that run.")
  var verbose = false

  /// The builder that these options describe.
  ///
  /// - Parameter isVerified: whether the drivers run with checks.
  func builder(isVerified: Bool = false) -> DriverBuilder {
    var configuration = DriverBuilder.Configuration()
    configuration.includeDirectories = includeDirectories
    configuration.defines = defines
    configuration.optimization = optimization
    configuration.libraries = libraries.filter { !$0.lowercased().hasSuffix(".def") }
    configuration.importDefinitions = libraries.filter { $0.lowercased().hasSuffix(".def") }
    configuration.driverTypes = driverTypes
    configuration.controlFlowGuard = controlFlowGuard
    configuration.addressSanitizer = kasan ?? isVerified
    configuration.keepGoing = keepGoing
    configuration.usesCache = !noCache
    if verbose { configuration.log = { printError($0) } }
    return DriverBuilder(configuration)
  }
}

extension DriverBuilder.Optimization: ExpressibleByArgument {}
