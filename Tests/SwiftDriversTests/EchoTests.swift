import Ring3
import SampleDrivers
import Testing
import TestSupport

/// The echo driver in Swift and its sibling in C do the same.
struct EchoTests {
  /// Which of the two.
  enum Language: CaseIterable {
    case swift, c

    var link: String { self == .swift ? #"\\.\SwiftEcho"# : #"\\.\WdfEcho"# }

    func load(in kernel: Kernel) throws -> Driver {
      switch self {
      case .swift: try kernel.load(Echo.self)
      case .c: try kernel.load(path: TestDrivers.build("Samples/Echo/wdfecho.c"))
      }
    }
  }

  /// One driver in a kernel of its own, opened.
  struct Setup {
    let kernel: Kernel
    let driver: Driver
    let file: File

    init(_ language: Language) throws {
      kernel = try Kernel()
      driver = try language.load(in: kernel)
      file = try kernel.makeProcess().open(language.link)
    }
  }

  @Test("what is written is read back", arguments: Language.allCases)
  func back(language: Language) throws {
    let file = try Setup(language).file
    #expect(try file.read(count: 5) == [])
    try file.write("hello, ring 3")
    #expect(try file.read(count: 100) == Array("hello, ring 3".utf8))
    #expect(try file.read(count: 5) == Array("hello".utf8))
    try file.write("new")
    #expect(try file.read(count: 100) == Array("new".utf8))
  }

  @Test("a control request turns its bytes round", arguments: Language.allCases)
  func reverse(language: Language) throws {
    let file = try Setup(language).file
    let answer = try file.deviceControl(.echoReverse, input: [1, 2, 3, 4, 5], outputCount: 5)
    #expect(answer == [5, 4, 3, 2, 1])
    #expect(try file.deviceControl(.echoReverse, input: [], outputCount: 5) == [])
  }

  @Test("an error status completes the request", arguments: Language.allCases)
  func errors(language: Language) throws {
    let file = try Setup(language).file
    let error = #expect(throws: KernelError.self) {
      try file.deviceControl(.echoReverse, input: [1, 2, 3], outputCount: 2)
    }
    #expect(error?.status == .bufferTooSmall)
    let other = #expect(throws: KernelError.self) {
      try file.deviceControl(IoControlCode(bits: 0x22_2FFC))
    }
    #expect(other?.status == .invalidDeviceRequest)
  }

  @Test("nothing is left when it is unloaded", arguments: Language.allCases)
  func unload(language: Language) throws {
    let setup = try Setup(language)
    try setup.file.write("kept")
    try setup.file.write("kept again")
    #expect(setup.kernel.poolBlocks(tag: "Kept").count == 1)
    try setup.file.close()
    try setup.driver.unload()
    #expect(setup.kernel.poolBlocks(tag: "Kept").isEmpty)
    #expect(setup.kernel.leaks.isEmpty)
  }

  @Test("it is loaded again after its unload", arguments: Language.allCases)
  func again(language: Language) throws {
    let setup = try Setup(language)
    try setup.file.close()
    try setup.driver.unload()
    #expect(throws: KernelError.self) { try setup.kernel.makeProcess().open(language.link) }
    _ = try language.load(in: setup.kernel)
    try setup.kernel.makeProcess().open(language.link).write("again")
  }

  @Test func `both are loaded side by side, each with its own bytes`() throws {
    let kernel = try Kernel()
    let files = try Language.allCases.map { language in
      _ = try language.load(in: kernel)
      return try kernel.makeProcess().open(language.link)
    }
    try files[0].write("in Swift")
    try files[1].write("in C")
    #expect(try files[0].read(count: 100) == Array("in Swift".utf8))
    #expect(try files[1].read(count: 100) == Array("in C".utf8))
  }
}
