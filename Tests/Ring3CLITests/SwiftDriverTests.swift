import Foundation
import Testing

// Drivers in Swift: compiled, loaded into the process of ring3 and run.
extension CommandLineTests {
  /// The folder of the package.
  private static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)

  /// The folders of `Samples` that have a driver in Swift.
  static let samples: [String] = {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: package + "Samples")) ?? []
    return folders.filter { folder in
      let files = try? FileManager.default.contentsOfDirectory(
        atPath: package + "Samples/" + folder)
      return files?.contains { $0.hasSuffix(".swift") } ?? false
    }.sorted()
  }()

  @Test("a folder of Samples is a driver for ring3", arguments: samples)
  func sample(name: String) throws {
    try withFolder {
      let run = try ring3("inspect", "--json", Self.package + "Samples/" + name)
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(run.object["model"] as? String == "Swift")
      #expect((run.object["type"] as? String)?.isEmpty == false)
    }
  }

  @Test func `gives a driver simulated hardware`() throws {
    try withFolder {
      try write(
        "script",
        #"""
        open \\.\BlockMover
        write fill:5a:200000
        expect information 200000
        read 8 at 199992
        expect data hex:5a5a5a5a5a5a5a5a
        unload
        """#)
      let run = try ring3("run", "--plug", "block-mover", Self.package + "Samples/DMA", "script")
      #expect(run.status == 0, "\(run.output)\(run.errors)")
    }
  }

  @Test func `runs a script against a driver in Swift, which is compiled once`() throws {
    try withFolder {
      try write(
        "script",
        #"""
        open \\.\SwiftEcho
        write "hello"
        read 100
        expect data "hello"
        ioctl 0x222000 in hex:010203 out 3
        expect data hex:030201
        """#)
      let sample = Self.package + "Samples/Echo"
      let run = try ring3("run", sample, "script")
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(run.output.hasPrefix("load    Echo, in Swift, from \(sample)\n"))
      #expect(run.output.hasSuffix("unload  STATUS_SUCCESS\n"))
      #expect(run.errors.contains("echo.c, wdfecho.c left out"))
      let cached = try ring3("build", "--json", sample)
      #expect(cached.object["cached"] as? Bool == true, "\(cached.output)\(cached.errors)")
      #expect(cached.object["path"] as? String == "Echo.so")
      #expect(try ring3("run", "Echo.so", "script").status == 0)
    }
  }

  @Test func `a filter in Swift stands in a stack of drivers in C`() throws {
    try withFolder {
      try write(
        "Watcher.swift",
        """
        import Ring3

        final class Watcher: SwiftDriver {
          static var isPlugAndPlay: Bool { true }

          init(_ driver: DriverObject) throws {}

          func add(_ device: consuming DeviceInit) throws {
            device.setFilter()
            _ = try device.makeDevice()
          }
        }
        """)
      try write(
        "script",
        """
        open {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0002} as bus
        ioctl bus 0x222040 in hex:05000000
        show devices
        """)
      let drivers = ["pnpbus.c", "pnpfunc.c"].map { Self.package + "Tests/Drivers/" + $0 }
      let run = try ring3(["run"] + drivers + ["Watcher.swift", "script"])
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(
        run.output.contains(#"TESTBUS\WIDGET\5 started [pnpbus < pnpfunc < Watcher] D0"#),
        "\(run.output)")
    }
  }

  @Test func `shows the words of the Swift compiler`() throws {
    try withFolder {
      try write(
        "Twice.swift",
        """
        import Ring3

        final class Twice: SwiftDriver {
          init(_ driver: DriverObject) throws {
            try driver.makeControlDevice().makeQueue(.parallel) { queue in
              queue.onRead { (request: consuming Request) in
                request.complete()
                request.complete()
              }
            }
          }
        }
        """)
      let build = try ring3("build", "Twice.swift")
      #expect(build.status == 2 && build.output == "")
      #expect(build.errors.contains("Twice.swift:6:"), "\(build.errors)")
      #expect(build.errors.contains("'request' consumed more than once"), "\(build.errors)")
    }
  }

  @Test func `finds the type that is the driver, or asks for it`() throws {
    try withFolder {
      try write(
        "None.swift",
        "import Ring3\n// class Hidden: SwiftDriver {}\nlet text = \"class A: SwiftDriver\"\n")
      let none = try ring3("run", "None.swift")
      #expect(
        none.status == 2 && none.errors.contains("None.swift: no type conforms to SwiftDriver"))
      try write(
        "Two.swift",
        """
        import Ring3

        final class First: SwiftDriver { init(_ driver: DriverObject) throws {} }
        enum Outer { final class Second {} }
        extension Outer.Second: SwiftDriver { convenience init(_ driver: DriverObject) throws { self.init() } }
        """)
      let two = try ring3("inspect", "Two.swift")
      #expect(
        two.status == 2 && two.errors.contains("(First, Outer.Second). Choose one with --type"))
      let chosen = try ring3("inspect", "--json", "--type", "First", "Two.swift")
      #expect(chosen.object["type"] as? String == "First", "\(chosen.output)\(chosen.errors)")
    }
  }

  @Test func `names what is missing to compile a driver`() throws {
    try withFolder {
      try write(
        "Empty.swift",
        "import Ring3\nfinal class Empty: SwiftDriver { init(_ driver: DriverObject) {} }\n")
      let compiler = try ring3(
        ["run", "Empty.swift"], environment: ["RING3_TOOLCHAIN": folder.path])
      #expect(compiler.status == 2 && compiler.errors.contains("swiftc is not found"))
      let program = folder.appending(path: "ring3")
      try FileManager.default.copyItem(at: executable(), to: program)
      let modules = try ring3(["run", "Empty.swift"], program: program)
      #expect(modules.status == 2, "\(modules.output)")
      #expect(modules.errors.contains("/Modules/Ring3.swiftmodule: not there"), "\(modules.errors)")
      #expect(modules.errors.contains("swift build"))
    }
  }

  @Test func `refuses a library that is no driver`() throws {
    try withFolder {
      try write("text.so", "no library")
      let text = try ring3("run", "text.so")
      #expect(text.status == 2 && text.errors.contains("text.so: "), "\(text.errors)")
      let options = try ring3("build", "--cfg", Self.package + "Samples/Echo/Echo.swift")
      #expect(options.status == 2 && options.errors.contains("control-flow guard"))
    }
  }
}
