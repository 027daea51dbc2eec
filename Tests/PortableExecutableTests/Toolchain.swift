import Foundation

/// Makes `.sys` files with the clang and lld-link that come with the Swift toolchain.
struct Toolchain {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }

  /// Compiles one C source, links it against an import library of the given names, and reads the result.
  func driver(
    _ source: String, imports: [String] = [], compile: [String] = [], link: [String] = []
  ) throws -> [UInt8] {
    try Data(source.utf8).write(to: folder.appending(path: "driver.c"))
    let definition = "LIBRARY ntoskrnl.exe\nEXPORTS\n" + imports.joined(separator: "\n") + "\n"
    try Data(definition.utf8).write(to: folder.appending(path: "kernel.def"))
    try run("lld-link", ["/lib", "/def:kernel.def", "/machine:x64", "/out:kernel.lib"])
    try run(
      "clang",
      ["--target=x86_64-pc-windows-msvc", "-ffreestanding", "-fasync-exceptions"]
        + ["-fasynchronous-unwind-tables", "-mno-implicit-float", "-O1", "-c", "driver.c"]
        + ["-o", "driver.obj"] + compile)
    try run(
      "lld-link",
      ["/driver", "/subsystem:native", "/entry:DriverEntry", "/nodefaultlib", "/dynamicbase"]
        + ["driver.obj", "kernel.lib", "/out:driver.sys"] + link)
    return Array(try Data(contentsOf: folder.appending(path: "driver.sys")))
  }

  private func run(_ tool: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(tool): \(String(decoding: output, as: UTF8.self))")
    }
  }
}
