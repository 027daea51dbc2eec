import DriverBuild
import Foundation
import Ring3
import TestSupport
import Testing

/// Drivers that import from another driver.
@Suite struct ExportDriverTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  /// Builds exporter.sys and importer.sys side by side.
  private func build() throws -> (exporter: BuiltDriver, importer: BuiltDriver) {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let sources = TestDrivers.root + "Tests/Drivers/"
    func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }
    let exporter = try DriverBuilder().build(
      sources: [sources + "exporter.c"], output: path("exporter.sys"))
    var configuration = DriverBuilder.Configuration()
    configuration.libraries = [try #require(exporter.importLibrary)]
    let importer = try DriverBuilder(configuration).build(
      sources: [sources + "importer.c"], output: path("importer.sys"))
    return (exporter, importer)
  }

  @Test func `imports lead to a loaded driver: by name, by ordinal, data, forwarded`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let built = try build()
    #expect(built.exporter.importLibrary?.hasSuffix("/exporter.lib") == true)
    #expect(built.importer.importLibrary == nil)
    let kernel = try Kernel()
    let exporter = try kernel.load(path: built.exporter.path)
    let importer = try kernel.load(path: built.importer.path)
    #expect(importer.missingImports.isEmpty)
    #expect(kernel.debugOutput == "0 failures\n")
    // The image stays as long as another needs it.
    try exporter.unload()
    try importer.unload()
    #expect(kernel.debugOutput.hasSuffix("unloaded, 0 failures\n"))
  }

  @Test func `a driver brings in the library beside it, which goes with it`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let built = try build()
    let kernel = try Kernel()
    let importer = try kernel.load(path: built.importer.path)
    #expect(importer.missingImports.isEmpty)
    let path = #"\REGISTRY\MACHINE\SYSTEM\CurrentControlSet\Services\exporter"#
    #expect(kernel.debugOutput == "initialized for \(path)\n0 failures\n")
    try importer.unload()
    #expect(kernel.debugOutput.hasSuffix("unloaded, 0 failures\nlibrary unloaded\n"))
  }

  @Test func `without the other driver each import is missing under its module's name`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let kernel = try Kernel()
    let built = try build()
    try FileManager.default.removeItem(atPath: built.exporter.path)
    let path = built.importer.path
    // Data that is not there reads as code: the driver's first check fails, its first call stops.
    let error = #expect(throws: DriverLoadError.self) { try kernel.load(path: path) }
    guard case .bugCheck(let bugCheck) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bugCheck.code.rawValue == 0x5233_0001)
    #expect(bugCheck.context.subject == "exporter.sys!ExporterAdd")
  }

  @Test func `an ordinal that nobody exports is named`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }
    try Data(
      """
      LIBRARY ntoskrnl.exe
      EXPORTS
        ByNumber @123 NONAME
      """.utf8
    ).write(to: folder.appending(path: "numbers.def"))
    try Data(
      """
      void __declspec(dllimport) ByNumber(void);
      int DriverEntry(void *driver, void *path) { ByNumber(); return 0; }
      """.utf8
    ).write(to: folder.appending(path: "numbers.c"))
    var configuration = DriverBuilder.Configuration()
    configuration.importDefinitions = [path("numbers.def")]
    let driver = try DriverBuilder(configuration).build(
      sources: [path("numbers.c")], output: path("numbers.sys"))
    let kernel = try Kernel()
    #expect(throws: DriverLoadError.self) { try kernel.load(path: driver.path) }
    #expect(kernel.bugCheck?.context.subject == "ntoskrnl.exe!#123")
  }
}
