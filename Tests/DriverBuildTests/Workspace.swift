import Foundation
import PortableExecutable
import Testing

@testable import DriverBuild

/// A folder for the sources of one test, gone when the test ends.
final class Workspace: Sendable {
  let directory: String

  init() throws {
    directory = NSTemporaryDirectory() + "ring3-test-" + UUID().uuidString
    try BuildCache.makeDirectory(directory)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Writes a file and gives its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let path = directory + "/" + name
    try BuildCache.makeDirectory(parent(of: path))
    try BuildCache.write(text, to: path)
    return path
  }

  /// Builds with a cache of this workspace's own.
  func build(
    _ sources: [String], output: String? = nil,
    _ change: (inout DriverBuilder.Configuration) -> Void = { _ in }
  ) throws -> BuiltDriver {
    var configuration = DriverBuilder.Configuration()
    configuration.cacheDirectory = directory + "/cache"
    change(&configuration)
    return try DriverBuilder(configuration).build(sources: sources, output: output)
  }

  /// The error of a build that must fail.
  func failure(
    _ sources: [String], output: String? = nil,
    _ change: (inout DriverBuilder.Configuration) -> Void = { _ in }
  ) -> BuildError? {
    #expect(throws: BuildError.self) { try build(sources, output: output, change) }
  }

  /// The image that was built.
  func image(_ driver: BuiltDriver) throws -> Image {
    try Image(bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: driver.path))))
  }

  /// What the toolchain's llvm-objdump says about an image.
  func dump(_ flags: [String], _ image: String) throws -> String {
    let tool = parent(of: try Toolchain.find().clang) + "/llvm-objdump"
    let process = try ToolProcess(tool, flags + [image], outputPath: directory + "/dump.txt")
    return process.wait().output
  }
}

/// The start of test drivers that need no header.
let prelude = """
  #ifdef __cplusplus
  extern "C" {
  #endif
  typedef long NTSTATUS;
  __declspec(dllimport) unsigned long DbgPrint(const char *format, ...);
  __declspec(dllimport) unsigned char KfRaiseIrql(unsigned char irql);
  NTSTATUS DriverEntry(void *driver, void *path);
  #ifdef __cplusplus
  }
  #endif

  """
let entry = "NTSTATUS DriverEntry(void *driver, void *path) { return 0; }\n"
