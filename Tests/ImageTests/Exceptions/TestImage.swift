import CRing3
import CRing3Exports
import DriverBuild
import Glibc
import Image
import Machine
import PortableExecutable
import Testing

/// A driver built from `Drivers` and mapped into this process, without the loader.
final class TestImage: Sendable {
  let file: PortableExecutable.Image
  let base: UInt64
  let code: CodeImage

  /// The driver `seh.c`, built once for each level of optimisation.
  static func seh(_ optimization: DriverBuilder.Optimization) throws -> TestImage {
    switch optimization {
    case .none: try none.get()
    case .some: try some.get()
    case .speed: try speed.get()
    case .size: try size.get()
    }
  }

  private static let none = Result { try TestImage("seh.c", .none) }
  private static let some = Result { try TestImage("seh.c", .some) }
  private static let speed = Result { try TestImage("seh.c", .speed) }
  private static let size = Result { try TestImage("seh.c", .size) }

  init(_ source: String, _ optimization: DriverBuilder.Optimization) throws {
    var configuration = DriverBuilder.Configuration()
    configuration.optimization = optimization
    let driver = try DriverBuilder(configuration).build(sources: [testSource(source)])
    file = try PortableExecutable.Image(bytes: fileContents(driver.path))
    let size = (Int(file.imageSize) + 4095) & ~4095
    // The last page holds the import stubs.
    let pages = try #require(
      mmap(
        nil, size + 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    try #require(pages != MAP_FAILED)
    base = UInt64(UInt(bitPattern: pages))
    file.loaded().withUnsafeBytes { pages.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    let functions = file.directories[.exceptions]
    code = CodeImage(
      base: base, size: UInt64(file.imageSize),
      functions: functions.map {
        (UnsafeRawPointer(pages) + Int($0.lowerBound)).assumingMemoryBound(
          to: R3RuntimeFunction.self)
      },
      functionCount: (functions?.count ?? 0) / 12)
    for rva in file.relocations {
      let place = pages + Int(rva)
      let value = place.loadUnaligned(as: UInt64.self)
      place.storeBytes(of: value &+ base &- file.preferredBase, as: UInt64.self)
    }
    try bind(pages, stubs: pages + size)
    for section in file.sections where !section.isWritable {
      let protection = section.isExecutable ? PROT_READ | PROT_EXEC : PROT_READ
      mprotect(pages + Int(section.rva), (Int(section.size) + 4095) & ~4095, protection)
    }
    mprotect(pages + size, 8 * 4096, PROT_READ | PROT_EXEC)
  }

  private func bind(_ pages: UnsafeMutableRawPointer, stubs: UnsafeMutableRawPointer) throws {
    var stub = stubs.assumingMemoryBound(to: UInt8.self)
    for item in file.imports.flatMap(\.imports) {
      let export = r3_export_find(item.symbol.description)?.pointee
      var target = UInt64(UInt(bitPattern: stub))
      if let export, let function = export.function {
        if export.kind == .leaf {
          target = UInt64(UInt(bitPattern: function))
        } else {
          r3_make_stub(stub, function, export.argumentCount, export.kind == .variadic ? 1 : 0)
        }
      } else {
        // The name lives as long as the stub: for ever.
        r3_make_missing_stub(
          stub, unsafeBitCast(missing, to: UnsafeRawPointer.self),
          strdup(item.symbol.description))
      }
      stub += Int(R3_STUB_SIZE)
      (pages + Int(item.slot)).storeBytes(of: target, as: UInt64.self)
    }
  }

  /// The address of a function or variable of the driver.
  func address(_ name: String) throws -> UInt64 {
    let symbol = file.symbols.symbol(named: name)
    return base + UInt64(try #require(symbol, "\(name)").rva)
  }
}

private let missing: @convention(c) (UnsafePointer<CChar>) -> Void = { name in
  Machine.current.bugCheck(0x1E, 0xC000_0139, subject: name)
}

/// A machine with one or more drivers in it, for one test.
final class TestMachine {
  let machine: Machine
  let image: TestImage

  init(_ image: TestImage, _ others: TestImage...) throws {
    var configuration = MachineConfiguration()
    configuration.memoryByteCount = 64 << 20
    configuration.nonpagedPoolByteCount = 16 << 20
    configuration.executablePoolByteCount = 1 << 20
    configuration.pagedPoolByteCount = 16 << 20
    machine = try Machine.make(configuration)
    machine.installExceptions()
    self.image = image
    for image in [image] + others {
      let isInserted = machine.exceptions.pointee.code.insert(image.code)
      try #require(isInserted)
    }
  }

  deinit { machine.destroy() }

  func system() throws -> Process {
    Process(try #require(machine.state.pointee.processes.system))
  }

  /// Calls a function of the driver on the kernel stack.
  func call(_ name: String, _ arguments: UInt64...) throws -> UInt64 {
    let address = try image.address(name)
    return try machine.inside(try system()) {
      guard let function = UnsafeRawPointer(bitPattern: UInt(address)) else { return 0 }
      return r3_callN(function, arguments, UInt64(arguments.count))
    }
  }

  /// The bug check that a call ends in.
  func bugCheck(_ name: String, _ arguments: UInt64...) throws -> BugCheckRecord {
    let address = try image.address(name)
    let system = try system()
    #expect(throws: MachineHalted.self) {
      try machine.inside(system) {
        guard let function = UnsafeRawPointer(bitPattern: UInt(address)) else { return }
        _ = r3_callN(function, arguments, UInt64(arguments.count))
      }
    }
    return try #require(machine.recordedBugCheck)
  }

  /// The names of the driver's functions on the stack of a bug check, newest first.
  func names(_ bugCheck: BugCheckRecord) -> [String] {
    (0..<bugCheck.stackCount).map { index in
      let rva = UInt32(truncatingIfNeeded: bugCheck.stack[index] &- image.base)
      return image.file.symbol(nearest: rva)?.name ?? "?"
    }
  }
}
