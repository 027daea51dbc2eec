import Ring3

/// What a driver under test noted, for a program to fetch through a control device.
final class Journal: Sendable {
  private let lines = SpinLocked<[String]>([])

  static let fetch = IoControlCode(deviceType: .unknown, function: 0x900, method: .buffered)

  /// Makes the control device.
  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(named: #"\Device\Journal"#, link: #"\??\Journal"#)
    try device.makeQueue(.parallel) { queue in
      queue.onDeviceControl { [lines] (request: consuming Request, _) in
        let text = Array(lines.exchange([]).joined(separator: "\n").utf8)
        var output = try request.output(atLeast: text.count)
        output.copy(from: text.span.bytes)
        request.complete(information: text.count)
      }
    }
  }

  func note(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A kernel with one driver that has a journal.
struct JournalStage {
  let kernel: Kernel
  let driver: Driver
  let process: UserProcess
  private let journal: File

  init<D: SwiftDriver>(_ type: D.Type, configure: (inout Configuration) -> Void = { _ in }) throws {
    var configuration = Configuration()
    configure(&configuration)
    kernel = try Kernel(configuration: configuration)
    driver = try kernel.load(type)
    process = try kernel.makeProcess()
    journal = try process.open(#"\\.\Journal"#)
  }

  /// What the driver noted since the last call.
  func said() throws -> [String] {
    let bytes = try journal.deviceControl(Journal.fetch, outputCount: 4096)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Unloads the driver; nothing of it may be left.
  func unload() throws {
    try journal.close()
    try driver.unload()
  }
}

/// Writes a registry text with settings of a driver.
func parameters(of name: String, _ lines: String...) -> String {
  """
  Windows Registry Editor Version 5.00

  [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\\(name)\\Parameters]

  """ + lines.joined(separator: "\n") + "\n"
}
