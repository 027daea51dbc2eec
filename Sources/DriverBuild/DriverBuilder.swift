import Foundation

/// Builds drivers: C or C++ source to a `.sys` image, with the Swift toolchain's clang and lld-link.
///
///     let builder = DriverBuilder()
///     let driver = try builder.build(sources: ["echo.c"], output: "echo.sys")
///
/// Of Swift source it makes a library, which `Kernel.load(library:)` loads into the running program. A
/// test that has the driver in its own package does without: it loads the type.
public struct DriverBuilder: Sendable {
  /// How much the compiler optimises.
  public enum Optimization: String, Sendable, CaseIterable {
    /// Not at all (`-O0`).
    case none = "0"
    /// A little (`-O1`).
    case some = "1"
    /// For speed, as a Release build (`-O2`).
    case speed = "2"
    /// For size (`-Os`).
    case size = "s"
  }

  /// What to build with.
  public struct Configuration: Sendable {
    /// Directories in which headers are looked for, before the bundled ones.
    public var includeDirectories: [String] = []
    /// Macros, each `NAME` or `NAME=VALUE`.
    public var defines: [String] = []
    /// How much the compiler optimises.
    public var optimization: Optimization = .speed
    /// Whether the image carries DWARF, so that reports name functions and lines.
    public var debugInformation = true
    /// Whether the image is built with control-flow guard.
    public var controlFlowGuard = false
    /// Whether the code checks each of its accesses, as Microsoft's `/fsanitize=kernel-address` does.
    ///
    /// Overruns of variables on the stack, of globals and of guarded pool blocks, and variables used out
    /// of their scope, stop the kernel with 0x1F2. C and C++ only. A loop over single
    /// bytes takes three to eight times as long; calls of the system take no longer.
    ///
    /// Source: devtest/kasan.
    public var addressSanitizer = false
    /// Whether the other sources are compiled after one of them failed.
    public var keepGoing = false
    /// Object files and libraries to link.
    public var libraries: [String] = []
    /// Module definition files whose names become imports: `LIBRARY` names the module.
    public var importDefinitions: [String] = []
    /// The directory of the build cache; nil for `$RING3_CACHE` or `~/.cache/ring3`.
    public var cacheDirectory: String?
    /// Whether an image built earlier from the same input is used again.
    public var usesCache = true
    /// Names of types; of several types in a driver's Swift sources that conform to `SwiftDriver`, the
    /// one that is named here is the driver.
    public var driverTypes: [String] = []
    /// Told of each command before it runs.
    public var log: (@Sendable (String) -> Void)?

    /// Creates the default configuration.
    public init() {}
  }

  /// What to build with.
  public var configuration: Configuration

  /// Creates a builder.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The file name that a driver built from these sources usually has.
  public static func usualName(of sources: [String]) -> String {
    let first = sources.first.map(absolute) ?? "driver"
    if SwiftSourceSet.isSwift(first) { return stem(first) + ".so" }
    guard isDirectory(first) else { return stem(first) + ".sys" }
    let project = entries(of: first).first { lowercaseExtension($0) == "vcxproj" }
    return stem(project ?? lastComponent(first)) + ".sys"
  }

  /// Builds one driver.
  ///
  /// - Parameters:
  ///   - sources: C and C++ files, Visual Studio projects, or directories; or Swift files. A directory
  ///     stands for the project in it, or else for all Swift files in it, or else for all C and C++
  ///     files in it.
  ///   - output: Where the image is written, and beside it the import library of an image that
  ///     exports something; nil to leave them in the cache.
  /// - Returns: The image's path and what there is to say about the build.
  public func build(sources: [String], output: String? = nil) throws(BuildError) -> BuiltDriver {
    let cache = try BuildCache(directory: configuration.cacheDirectory)
    if sources.contains(where: SwiftSourceSet.isSwift) {
      return try buildSwift(sources: sources, output: output, in: cache)
    }
    let toolchain = try Toolchain.find()
    let kit = try DriverKit.install(in: cache)
    let inputs = try SourceSet(sources)
    for directory in configuration.includeDirectories where !isDirectory(directory) {
      throw BuildError(
        .inputMissing, "\(directory): no such include directory. Check the path given with -I.")
    }
    let scan = IncludeScan(
      sources: inputs.files,
      directories: inputs.includeDirectories + configuration.includeDirectories)
    let job = BuildJob(
      configuration: configuration, cache: cache, toolchain: toolchain, kit: kit, inputs: inputs,
      scan: scan, outputName: lastComponent(output ?? Self.usualName(of: sources)))
    var driver = try job.run()
    if let output {
      try cache.copy(driver.path, to: output)
      driver.path = output
      if let library = driver.importLibrary {
        let path = join(parent(of: output), stem(output) + ".lib")
        try cache.copy(library, to: path)
        driver.importLibrary = path
      }
    }
    return driver
  }

  /// Whether the path names Swift source: a file, or a directory with such files.
  public static func isSwiftSource(_ path: String) -> Bool { SwiftSourceSet.isSwift(path) }
}
