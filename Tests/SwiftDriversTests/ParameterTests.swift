import Ring3
import Testing

/// Settings of a Swift driver in the registry.
struct ParameterTests {
  /// Reads and writes its settings as it is loaded.
  final class Settings: SwiftDriver {
    init(_ driver: DriverObject) throws {
      let journal = try Journal(driver)
      let parameters = driver.parameters
      journal.note("\(try parameters.dword("Count") ?? 0)")
      journal.note(try parameters.string("Port") ?? "no port")
      journal.note(Self.outcome { () throws(NTStatus) in _ = try parameters.dword("Port") })
      journal.note(Self.outcome { () throws(NTStatus) in _ = try parameters.string("Count") })
      try parameters.set("Count", to: 8)
      try parameters.set("Port", to: "/dev/ttyS1")
      journal.note("\(try parameters.dword("Count") ?? 0)")
      journal.note(try parameters.string("Port") ?? "no port")
      try parameters.remove("Port")
      try parameters.remove("Port")
      journal.note(try parameters.string("Port") ?? "no port")
    }

    private static func outcome(_ body: () throws(NTStatus) -> Void) -> String {
      do throws(NTStatus) {
        try body()
        return "read"
      } catch {
        return error == .objectTypeMismatch ? "mismatch" : "\(error)"
      }
    }
  }

  @Test func `values of the registry text are read, and written anew`() throws {
    let stage = try JournalStage(Settings.self) {
      $0.registryText = parameters(
        of: "Settings", #""Count"=dword:00000007"#, #""Port"="/dev/ttyS0""#)
    }
    #expect(
      try stage.said() == [
        "7", "/dev/ttyS0", "mismatch", "mismatch", "8", "/dev/ttyS1", "no port",
      ])
  }

  @Test func `a driver without settings finds none and can make some`() throws {
    let stage = try JournalStage(Settings.self)
    #expect(try stage.said().prefix(2) == ["0", "no port"])
    try stage.unload()
    #expect(stage.kernel.leaks.isEmpty)
    // What a driver wrote stays.
    try stage.kernel.load(Settings.self)
    let journal = try stage.process.open(#"\\.\Journal"#)
    let bytes = try journal.deviceControl(Journal.fetch, outputCount: 4096)
    #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("8\nno port\n"))
  }
}
