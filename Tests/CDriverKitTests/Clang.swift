import Foundation
import Testing

/// The compiler of the toolchain, asked whether a source is well formed for a driver.
enum Clang {
  static let headers = packageRoot.appending(path: "Sources/CDriverKit/include")

  /// The headers that a driver may name, by their path in the kit.
  static let publicHeaders: [String] = ["", "crt/"].flatMap { folder in
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: headers.appending(path: folder).path)
    return (names ?? []).sorted().filter {
      $0.hasSuffix(".h") && $0 != "CDriverKit.h" && !$0.contains("pack")
    }
    .map { folder + $0 }
  }

  private static let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of headers that belong to the compiler itself.
  private static let resources =
    run(["-print-resource-dir"]).output
    .trimmingCharacters(in: .whitespacesAndNewlines) + "/include"

  /// Returns what the compiler says about `file`; nothing when all is well.
  static func complaints(about file: URL, language: String, standard: String) -> String {
    let arguments = [
      "--target=x86_64-pc-windows-msvc", "-ffreestanding", "-fasync-exceptions", "-nostdinc",
      "-isystem", resources, "-I", headers.path, "-I", headers.appending(path: "crt").path,
      "-x", language, "-std=\(standard)", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
      file.path,
    ]
    let result = run(arguments)
    return result.status == 0 ? "" : result.output
  }

  /// Runs the compiler.
  ///
  /// Its words go to a file: the signals of a kernel in this process interrupt the reading of pipes.
  private static func run(_ arguments: [String]) -> (status: Int32, output: String) {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: path) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["clang"] + arguments
    do {
      try Data().write(to: path)
      let words = try FileHandle(forWritingTo: path)
      process.standardOutput = words
      process.standardError = words
      try process.run()
      process.waitUntilExit()
      return (process.terminationStatus, try String(contentsOf: path, encoding: .utf8))
    } catch {
      return (-1, "clang cannot be started: \(error)")
    }
  }
}
