import Foundation
import Testing

/// The command line as a process: what it prints and how it exits.
@Suite struct CommandLineTests {
  /// The output of one run.
  struct Run {
    var status: Int32
    var output: String
    var errors: String

    /// The output as one JSON object.
    var object: [String: Any] {
      let data = Data(output.utf8)
      return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
    }
  }

  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ring3-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func withFolder<R>(_ body: () throws -> R) rethrows -> R {
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body()
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  /// The executable beside the test bundle.
  func executable() throws -> URL {
    let bundle = try #require(CommandLine.arguments.first { $0.contains(".xctest") })
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appending(path: "ring3")
  }

  func ring3(_ arguments: String...) throws -> Run { try ring3(arguments) }

  func ring3(
    _ arguments: [String], program: URL? = nil, environment: [String: String] = [:]
  ) throws -> Run {
    let process = Process()
    process.executableURL = try program ?? executable()
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["RING3_CACHE": folder.path + "/cache"], uniquingKeysWith: { $1 }
    ).merging(environment, uniquingKeysWith: { $1 })
    let files = ["output", "errors"].map { folder.appending(path: $0 + UUID().uuidString) }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Run(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  private let source = """
    __declspec(dllimport) void KeNobodyHasThis(void);
    long DriverEntry(void *driver, void *path) { KeNobodyHasThis(); return VALUE; }
    """

  @Test func `builds and inspects a driver`() throws {
    try withFolder {
      try write("a.c", source)
      let build = try ring3("build", "-DVALUE=3", "-O0", "a.c")
      #expect(build.status == 0 && build.output == "a.sys\n" && build.errors == "")
      let inspect = try ring3("inspect", "a.sys")
      #expect(inspect.status == 0)
      #expect(inspect.output.hasPrefix("a.sys: WDM driver\n"))
      #expect(inspect.output.contains("    missing      KeNobodyHasThis"))
    }
  }

  @Test func `prints one JSON object`() throws {
    try withFolder {
      try write("a.c", source)
      let build = try ring3("build", "--json", "-D", "VALUE=3", "-o", "b.sys", "a.c")
      #expect(build.object["path"] as? String == "b.sys")
      let inspect = try ring3("inspect", "--json", "b.sys").object
      #expect(inspect["model"] as? String == "WDM" && inspect["loadable"] as? Bool == true)
    }
  }

  @Test func `exits 2 with the compiler's words when a source is wrong`() throws {
    try withFolder {
      try write("a.c", source)
      let build = try ring3("build", "a.c")
      #expect(build.status == 2 && build.output == "")
      #expect(build.errors.contains("a.c:2:") && build.errors.contains("'VALUE'"))
      let json = try ring3("build", "--json", "a.c")
      #expect(json.status == 2 && json.errors == "")
      #expect((json.object["diagnostics"] as? String)?.contains("'VALUE'") == true)
    }
  }

  @Test func `exits 2 on wrong usage and unreadable files`() throws {
    try withFolder {
      try write("bad.sys", "MZ but no image")
      for arguments in [["frobnicate"], ["build"], ["build", "-O9", "a.c"], ["inspect"]] {
        let run = try ring3(arguments)
        #expect(run.status == 2 && !run.errors.isEmpty, "\(arguments)")
      }
      #expect(try ring3("inspect", "none.sys").errors.contains("none.sys: no such file"))
      #expect(try ring3("inspect", "bad.sys").status == 2)
    }
  }

  @Test func `explains itself`() throws {
    try withFolder {
      let help = try ring3("--help")
      #expect(help.status == 0 && help.output.contains("SUBCOMMANDS"))
      #expect(try ring3("--generate-completion-script", "bash").status == 0)
    }
  }

  /// The folder of the test drivers.
  static let drivers = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Drivers").path(percentEncoded: false)

  @Test("run gives a bus its device, and the other drivers make the stacks of its children")
  func bus() throws {
    try withFolder {
      try write(
        "script",
        """
        open {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0002} as bus
        ioctl bus 0x222040 in hex:05000000
        open {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0001} as child
        expect status STATUS_SUCCESS
        open {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0001} 1
        expect status STATUS_OBJECT_NAME_NOT_FOUND
        show devices
        sleep S3
        wake
        surprise
        unload
        """)
      let names = ["pnpbus.c", "pnpfunc.c", "pnpfilter.c"].map { Self.drivers + "/" + $0 }
      let run = try ring3(["run"] + names + ["script"])
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(run.output.contains(#"TESTBUS\WIDGET\5 started [pnpbus < pnpfunc < pnpfilter] D0"#))
      #expect(run.output.contains(#"1 ROOT\RING3\0000 started [PnpManager < pnpbus] D0"#))
    }
  }

  @Test("run puts further drivers above the first when that is no bus")
  func filter() throws {
    try withFolder {
      try write("script", "show devices\n")
      let names = ["pnpfunc.c", "pnpfilter.c"].map { Self.drivers + "/" + $0 }
      let run = try ring3(["run", "--hardware-id", #"ROOT\Test"#] + names + ["script"])
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(
        run.output.contains(#"ROOT\TEST\0000 started [PnpManager < pnpfunc < pnpfilter] D0"#))
    }
  }

  /// A script that has the driver leave a referenced memory object, and looks at its objects.
  private func runLeakingDriver(_ options: String...) throws -> Run {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let driver = root.appending(path: "Drivers/wdf-object.c").path(percentEncoded: false)
    try write(
      "script.txt",
      #"""
      open "\\.\WdfObject"
      ioctl 0x80002048 out 16
      show objects
      """#)
    return try ring3(["run"] + options + [driver, "script.txt"])
  }

  @Test func `shows the objects of framework drivers, and what they leave at unload`() throws {
    try withFolder {
      let run = try runLeakingDriver()
      #expect(run.status == 0, "\(run.errors)")
      let lines = run.output.split(separator: "\n").map(String.init)
      #expect(lines.contains { $0.hasPrefix("show    WDFDRIVER 0x") && $0.contains("wdf-object") })
      #expect(
        lines.contains {
          $0.hasPrefix("show        WDFMEMORY 0x")
            && $0.contains(" 2 references, NODE 32 bytes")
        })
      #expect(
        lines.contains {
          $0.hasPrefix("leak    wdf-object left a WDFMEMORY below WDFDRIVER/WDFDEVICE: 1 reference")
            && $0.contains("pool tag WObj")
        })
    }
  }

  @Test func `shows the objects of framework drivers as JSON`() throws {
    try withFolder {
      let run = try runLeakingDriver("--json")
      let reports = run.output.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      let objects = reports.compactMap { $0["object"] as? [String: Any] }
      let memory = try #require(objects.first { $0["type"] as? String == "WDFMEMORY" })
      #expect(memory["references"] as? Int == 2 && memory["depth"] as? Int == 2)
      #expect(
        objects.contains {
          $0["type"] as? String == "WDFDEVICE"
            && $0["handle"] as? String == memory["parent"] as? String
        })
      let leaks = reports.compactMap { $0["leak"] as? [String: Any] }
      #expect(leaks.map { $0["type"] as? String } == ["WDFDRIVER", "WDFDEVICE", "WDFMEMORY"])
      #expect(leaks.last?["poolTag"] as? String == "WObj")
    }
  }

  @Test("a driver is not unloaded before the last request of a closed file has ended")
  func lateRequest() throws {
    try withFolder {
      try write(
        "script",
        #"""
        open \Device\LateClose
        async read 600
        close
        """#)
      let run = try ring3([
        "run", "--verify", "--debug-output", Self.drivers + "/late-close.c", "script",
      ])
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(run.errors.contains("closed before"), "\(run.errors)")
    }
  }

  @Test("a script gives a driver the handle of an event and waits for it")
  func event() throws {
    try withFolder {
      try write(
        "script",
        #"""
        event done
        open \\.\UserEvent
        ioctl 0x222000 in hex:0200000000000000+handle:done
        expect status STATUS_SUCCESS
        wait done
        expect status STATUS_SUCCESS
        event never
        wait never
        expect status STATUS_TIMEOUT
        """#)
      let run = try ring3(["run", "--timeout", "1", Self.drivers + "/userevent.c", "script"])
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(run.output.contains("the event was not set"), "\(run.output)")
    }
  }
}
