import ArgumentParser
import DriverBuild
import Foundation
import Ring3

/// `ring3 demo`: the bundled echo driver, end to end.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Builds and runs the bundled echo driver, and shows the six steps of a buffered read."
  )

  @OptionGroup var reporting: OutputOptions

  func run() throws {
    let path: String
    let kernel: Kernel
    do {
      path = try build()
      kernel = try Kernel()
      try Self.use(kernel, DemoOutput(reporting: reporting), path)
    } catch let error as KernelError {
      throw CommandFailure(message: error.description, status: CommandFailure.driverFailed)
    } catch let error as DriverLoadError {
      throw reporting.failure("load", error.description)
    } catch let error as BuildError {
      throw reporting.failure("build", error.message, diagnostics: error.diagnostics)
    }
  }

  private func build() throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("ring3-demo-\(UUID().uuidString)")
    let sources = try BundledSample.echo.write(to: folder.path)
    let output = folder.appendingPathComponent("echo.sys").path
    let driver = try DriverBuilder().build(sources: sources, output: output)
    driver.printRemarks()
    return driver.path
  }

  /// The requests of the demonstration, in order.
  private static func use(_ kernel: Kernel, _ output: DemoOutput, _ path: String) throws {
    defer {
      try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
    }
    let driver = try kernel.load(path: path)
    output.line("load", "\(driver.name) at \(hex(driver.baseAddress))")
    let process = try kernel.makeProcess("demo.exe")
    let file = try process.open(#"\\.\Echo"#)
    output.line("open", #"\\.\Echo by process \#(process.identifier)"#)

    let text = "From user memory and back."
    let written = try file.write(text)
    output.line("write", "\(written) bytes, buffered: \"\(text)\"")
    try read(kernel, process, file, output)

    let reversed = try file.deviceControl(DemoCode.reverse, input: [1, 2, 3, 4], outputCount: 4)
    output.line("ioctl", "METHOD_BUFFERED    \(DemoCode.reverse): 1 2 3 4 -> \(list(reversed))")
    _ = try file.deviceControl(DemoCode.store, output: Array("direct".utf8))
    output.line("ioctl", "METHOD_IN_DIRECT   \(DemoCode.store): the driver read 6 bytes in place")
    let fetched = try file.deviceControl(DemoCode.fetch, outputCount: 16)
    output.line(
      "ioctl",
      "METHOD_OUT_DIRECT  \(DemoCode.fetch): \"\(String(decoding: fetched, as: UTF8.self))\"")
    let copied = try file.deviceControl(DemoCode.copy, input: [9, 8, 7], outputCount: 3)
    output.line("ioctl", "METHOD_NEITHER     \(DemoCode.copy): 9 8 7 -> \(list(copied))")

    try file.close()
    try driver.unload()
    let left = kernel.poolUsage(of: PoolTag(rawValue: DemoCode.tag)).map(\.liveCount) ?? 0
    output.line("unload", "\(left) blocks of tag Echo left")
  }

  /// The buffered read, with what was recorded on its way.
  private static func read(
    _ kernel: Kernel, _ process: UserProcess, _ file: File, _ output: DemoOutput
  ) throws {
    guard let buffer = UserBuffer(process, count: 64) else { throw KernelError.status(.noMemory) }
    _ = try file.read(at: buffer.address, count: buffer.count)
    kernel.startTrace()
    let answer = try file.read(at: buffer.address, count: buffer.count)
    let bytes = buffer.bytes(0..<answer.information) ?? []
    output.line(
      "read", "\(answer.information) bytes, buffered: \"\(String(decoding: bytes, as: UTF8.self))\""
    )
    output.steps(kernel.trace)
  }

  private static func list(_ bytes: [UInt8]) -> String {
    bytes.map(String.init).joined(separator: " ")
  }
}

/// The control codes of the echo driver: see `Samples/Echo/echo.h`.
enum DemoCode {
  static let reverse = IoControlCode(bits: 0x8000_2000)
  static let store = IoControlCode(bits: 0x8000_A005)
  static let fetch = IoControlCode(bits: 0x8000_600A)
  static let copy = IoControlCode(bits: 0x8000_200F)
  static let tag: UInt32 = 0x6F68_6345
}

func hex(_ value: some BinaryInteger) -> String { "0x" + String(value, radix: 16, uppercase: true) }
