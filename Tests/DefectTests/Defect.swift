import Foundation
import Ring3
import TestSupport
import Testing

/// A driver of `Tests/Drivers/Defects`: it breaks the rule that its file is named after, and built with
/// `REPAIRED` it breaks none.
struct Defect: Sendable, CustomTestStringConvertible {
  let name: String

  var testDescription: String { name }

  static let folder = "Tests/Drivers/Defects/"

  /// Those that the common script brings to it: all files of the folder.
  static let all: [Defect] = files.filter { !ownScripts.contains($0) }.map(Defect.init)

  /// Those with a test of their own.
  static let ownScripts: Set<String> = [
    "CancelledTooLong", "CtlDeviceFinishInitDeviceAdd", "DeviceInitializing",
    "UnloadedWithOperations",
  ]

  static let files: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: TestDrivers.root + folder)) ?? [])
    .filter { $0.hasSuffix(".c") }.map { String($0.dropLast(2)) }.sorted()

  /// The classes that the file asks for in its first line, `// classes: WORD, ...`.
  ///
  /// They are words of the command line, or `unguarded`. Without that line they are the standard ones and
  /// those of the rule.
  var classes: VerifierClasses {
    get throws {
      let text = try String(
        contentsOfFile: TestDrivers.root + Self.folder + name + ".c", encoding: .utf8)
      let mark = "// classes: "
      guard let line = text.split(separator: "\n").first, line.hasPrefix(mark) else {
        return VerifierClasses.standard.union(VerifierRule.named(name)?.classes ?? [])
      }
      return try line.dropFirst(mark.count).components(separatedBy: ", ").reduce(into: []) {
        let word = $1
        let classes = word == "unguarded" ? .unguarded : VerifierClasses(word: word)
        $0.formUnion(try #require(classes, "\(name): no class is named \(word)"))
      }
    }
  }

  /// A kernel that checks the ``classes``, without the driver.
  func makeKernel(changing change: (inout Configuration) -> Void = { _ in }) throws -> Kernel {
    var configuration = Configuration()
    configuration.verifier = try classes
    change(&configuration)
    return try Kernel(configuration: configuration)
  }

  /// Whether the driver is to be built with the address sanitizer: its rule is one of the sanitizer's.
  var isSanitized: Bool { VerifierRule.named(name)?.needsSanitizer == true }

  /// Builds the driver and loads it.
  func load(in kernel: Kernel, isRepaired: Bool) throws -> Driver {
    let path = try TestDrivers.build(
      Self.folder + name + ".c", defines: isRepaired ? ["REPAIRED"] : [], isSanitized: isSanitized)
    return try kernel.load(path: path)
  }

  /// Does the common script: open, read, write, control, close, unload.
  ///
  /// - Parameter isAlone: whether the rule's classes are all that is checked.
  /// - Returns: the rules that were broken, those that did not end the kernel first.
  func run(isRepaired: Bool, isAlone: Bool = false) throws -> [BugCheck] {
    let kernel = try makeKernel {
      if isAlone { $0.verifier = VerifierRule.named(name)?.classes ?? [] }
    }
    do {
      let driver = try load(in: kernel, isRepaired: isRepaired)
      let process = try kernel.makeProcess()
      try requests(process)
      try process.end()
      try driver.unload()
    } catch {
      // Loading a driver throws an error of its own.
      if kernel.bugCheck == nil { throw error }
    }
    return kernel.verdicts + [kernel.bugCheck].compactMap(\.self)
  }

  func requests(_ process: UserProcess) throws {
    let file = try process.open(#"\\.\Defect"#)
    guard let buffer = UserBuffer(process, count: 128) else { throw KernelError.status(.noMemory) }
    buffer.store((0..<128).map { UInt8($0) })
    _ = try file.read(at: buffer.address, count: 64)
    _ = try file.write(at: buffer.address, count: 64)
    _ = try file.deviceControl(
      IoControlCode(bits: 0x22_2000), inputAt: buffer.address, inputCount: 64,
      outputAt: buffer.address + 64, outputCount: 64)
    try file.close()
  }
}
