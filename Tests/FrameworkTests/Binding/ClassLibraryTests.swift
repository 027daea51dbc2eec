import DriverBuild
import Foundation
import Ring3
import TestSupport
import Testing

/// Class libraries: framework drivers that others are bound to.
struct ClassLibraryTests {
  /// Builds the client with some macros defined.
  private func client(_ defines: [String] = [], in folder: String) throws -> String {
    var configuration = DriverBuilder.Configuration()
    configuration.defines = defines
    let output = folder + "/client.sys"
    _ = try DriverBuilder(configuration).build(
      sources: [TestDrivers.root + "Tests/Drivers/wdf-class-client.c"], output: output)
    return output
  }

  private func withClient(
    _ defines: [String] = [], _ body: (Kernel, String) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.path() + "/ring3-class-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(Kernel(), client(defines, in: folder))
  }

  private func loadLibrary(in kernel: Kernel) throws -> Driver {
    try kernel.load(path: TestDrivers.build("Tests/Drivers/wdf-class-library.c"))
  }

  @Test(arguments: [[], ["OWN_BINDING"]])
  func `a client is bound to its class before its DriverEntry`(defines: [String]) throws {
    try withClient(defines) { kernel, path in
      let library = try loadLibrary(in: kernel)
      let client = try kernel.load(path: path)
      try client.unload()
      try library.unload()
      let own = defines.isEmpty ? ["", ""] : ["client: binds\n", "client: unbinds\n"]
      #expect(
        kernel.debugOutput == "class: initialized\n" + own[0]
          + "class: client client of version 1.1\nclient: 2 + 3 = 5, clients 1\n" + own[1]
          + "class: client client leaves\nclass: deinitialized\n")
      #expect(kernel.leaks.isEmpty)
    }
  }

  @Test func `a client without its class is not loaded`() throws {
    try withClient { kernel, path in
      let status = try refusal(kernel, path)
      #expect(status == .objectNameNotFound)
    }
  }

  @Test func `a client of another major version is not loaded`() throws {
    try withClient(["MAJOR=2"]) { kernel, path in
      _ = try loadLibrary(in: kernel)
      let status = try refusal(kernel, path)
      #expect(status == .revisionMismatch)
    }
  }

  @Test func `a class refuses a client`() throws {
    try withClient(["FUNCTIONS=9"]) { kernel, path in
      let library = try loadLibrary(in: kernel)
      let status = try refusal(kernel, path)
      #expect(status == .notSupported)
      try library.unload()
      #expect(!kernel.debugOutput.contains("leaves"))
    }
  }

  @Test func `a class that is unloaded under its client is bug check 0x10D`() throws {
    try withClient { kernel, path in
      let library = try loadLibrary(in: kernel)
      try kernel.load(path: path)
      let error = #expect(throws: KernelError.self) { try library.unload() }
      #expect(error?.bugCheck?.code == .wdfViolation)
    }
  }

  private func refusal(_ kernel: Kernel, _ path: String) throws -> NTStatus? {
    let error = #expect(throws: DriverLoadError.self) { try kernel.load(path: path) }
    guard case .refused(_, let status) = error else { return nil }
    return status
  }
}
