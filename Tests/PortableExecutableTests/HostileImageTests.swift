import PortableExecutable
import Testing

/// One damage and what the reader must say of it.
struct Damage: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let reason: ImageError.Reason
  let text: String
  let make: @Sendable () -> [UInt8]

  init(
    _ name: String, _ reason: ImageError.Reason, _ text: String,
    _ change: @escaping @Sendable (inout ImageBuilder) -> Void
  ) {
    (testDescription, self.reason, self.text) = (name, reason, text)
    make = {
      var builder = ImageBuilder(code: Array(repeating: 0x90, count: 64))
      change(&builder)
      return builder.build()
    }
  }

  init(bytes: [UInt8], _ name: String, _ reason: ImageError.Reason, _ text: String) {
    (testDescription, self.reason, self.text) = (name, reason, text)
    make = { bytes }
  }
}

@Suite struct HostileImageTests {
  static let headerDamage: [Damage] = [
    Damage(bytes: [], "empty", .notAnImage, "empty"),
    Damage(bytes: Array("\u{7F}ELF".utf8), "ELF", .notAnImage, "ELF"),
    Damage(bytes: Array("!<arch>\n".utf8), "archive", .notAnImage, "archive"),
    Damage(bytes: Array("MZ".utf8), "two letters", .truncated, "DOS header"),
    Damage("DOS program", .notAnImage, "DOS program") { $0.signature = 0x454E },
    Damage("signature not aligned", .badHeader, "not aligned") { $0.signatureOffset = 0x81 },
    Damage("x86", .wrongMachine, "32-bit x86") { $0.machine = 0x14C },
    Damage("ARM64", .wrongMachine, "ARM64") { $0.machine = 0xAA64 },
    Damage("other machine", .wrongMachine, "0xBEEF") { $0.machine = 0xBEEF },
    Damage("PE32", .notPE32Plus, "PE32") { $0.optionalMagic = 0x10B },
    Damage("ROM image", .notPE32Plus, "0x107") { $0.optionalMagic = 0x107 },
    Damage("short header", .badHeader, "needs 112") { $0.optionalSize = 100 },
    Damage("not executable", .badHeader, "not marked") { $0.characteristics = 0x20 },
    Damage("section alignment 3", .badHeader, "section alignment") { $0.sectionAlignment = 3 },
    Damage("section alignment 0", .badHeader, "section alignment") { $0.sectionAlignment = 0 },
    Damage("file alignment", .badHeader, "file alignment") {
      $0.parts[0].rawOffset = 0
      $0.fileAlignment = 0x300
    },
    Damage("huge image", .overLimit, "the limit is") { $0.imageSize = 0xFFFF_F000 },
    Damage("tiny image", .badHeader, "The headers take") { $0.imageSize = 0x200 },
    Damage("entry outside", .badHeader, "entry point") { $0.entryPoint = 0x0FFF_0000 },
    Damage("many sections", .overLimit, "65535 sections") { $0.sectionCount = 65535 },
    Damage("section table outside", .badSection, "does not fit") { $0.sectionCount = 50 },
    Damage("directory outside", .badDirectory, "import table") {
      $0.directories[1] = (0x1000, 0x10000)
    },
    Damage("directory wraps", .badDirectory, "export table") {
      $0.directories[0] = (0xFFFF_FFF0, 0x20)
    },
  ]

  static let sectionDamage: [Damage] = [
    Damage("section in the headers", .badSection, "inside the part before it") {
      $0.parts[0].rva = 0
      $0.imageSize = 0x2000
    },
    Damage("sections overlap", .badSection, "inside the part before it") {
      $0.add(".data", [1])
      $0.parts[1].rva = 0x1000
    },
    Damage("sections out of order", .badSection, "inside the part before it") {
      $0.add(".data", [1])
      $0.parts[0].rva = 0x2000
      $0.parts[1].rva = 0x1000
      $0.imageSize = 0x3000
    },
    Damage("section not aligned", .badSection, "not aligned") { $0.parts[0].rva = 0x1010 },
    Damage("section outside", .badSection, "out of the image") {
      $0.parts[0].virtualSize = 0x5000
      $0.imageSize = 0x2000
    },
    Damage("section wraps", .badSection, "out of the image") {
      $0.parts[0].virtualSize = 0xFFFF_FFFF
      $0.imageSize = 0x2000
    },
    Damage("section data outside the file", .truncated, "of a file of") {
      $0.parts[0].rawOffset = 0xFFFF_FF00
    },
    Damage("section data longer than the file", .truncated, "of a file of") {
      $0.parts[0].rawSize = 0xFFFF_FFFF
    },
  ]

  static let tableDamage: [Damage] = [
    Damage("import name outside", .badImport, "outside the image") {
      let rva = $0.add(".idata", bytes(UInt32(0x2000)) + Array(repeating: 0xEE, count: 40))
      $0.directories[1] = (rva, 40)
    },
    Damage("import table without end", .badImport, "outside the image") {
      // 25 entries of 20 bytes fill the section to its last 12 bytes.
      let entry = [0, 0, 0, 0x2000, 0x3000].flatMap { bytes(UInt32($0)) }
      let rva = $0.add(".idata", (0..<25).flatMap { _ in entry } + bytes(UInt64(0)))
      $0.add(".slots", bytes(UInt64(0)))
      $0.directories[1] = (rva, 40)
    },
    Damage("relocation type", .unsupportedRelocation, "HIGHLOW") {
      $0.addRelocations(page: 0x1000, entries: [0x3004])
    },
    Damage("relocation outside", .badRelocation, "outside the image") {
      $0.addRelocations(page: 0x0FFF_F000, entries: [0xA000])
    },
    Damage("relocation at the last bytes", .badRelocation, "outside the image") {
      $0.addRelocations(page: 0x2000, entries: [0xAFF9])
    },
    Damage("relocation block of 4 bytes", .badRelocation, "announces 4") {
      $0.addRelocations(page: 0x1000, entries: [0xA000], size: 4)
    },
    Damage("relocation block too long", .badRelocation, "announces 4096") {
      $0.addRelocations(page: 0x1000, entries: [0xA000], size: 4096)
    },
    Damage("functions overlap", .badUnwindData, "overlap") {
      $0.addFunctions([(0x1000, 0x1010), (0x1008, 0x1020)])
    },
    Damage("function ends before it begins", .badUnwindData, "not possible") {
      $0.addFunctions([(0x1010, 0x1000)])
    },
    Damage("unwind version", .badUnwindData, "version 7") {
      $0.addFunctions([(0x1000, 0x1010)], unwind: [7, 0, 0, 0])
    },
    Damage("unwind operation without operand", .badUnwindData, "lacks its operand") {
      $0.addFunctions([(0x1000, 0x1010)], unwind: [1, 0, 1, 0, 0, 0x11, 0, 0])
    },
    Damage("unwind data chained to itself", .badUnwindData, "no end") {
      let rva = $0.nextAddress
      let own = bytes(UInt32(0x1000)) + bytes(UInt32(0x1010)) + bytes(rva + 12)
      $0.addFunctions([(0x1000, 0x1010)], unwind: [0x21, 0, 0, 0] + own)
    },
    Damage("handler outside", .badUnwindData, "handler lies outside") {
      $0.addFunctions([(0x1000, 0x1010)], unwind: [9, 0, 0, 0] + bytes(UInt32(0x0FFF_0000)))
    },
    Damage("cookie outside", .badLoadConfiguration, "security cookie") {
      var data = Array(repeating: UInt8(0), count: 0x70)
      data[0] = 0x70
      data[0x58] = 8
      let rva = $0.add(".rdata", data)
      $0.directories[10] = (rva, 0x70)
    },
    Damage("export name stands for nothing", .badExport, "stands for ordinal") {
      let rva = $0.nextAddress
      var data = Array(repeating: UInt8(0), count: 16) + bytes(UInt32(1))
      data += bytes(UInt32(0)) + bytes(UInt32(1)) + bytes(rva) + bytes(rva) + bytes(rva)
      $0.add(".edata", data)
      $0.directories[0] = (rva, 40)
    },
    Damage("too many exports", .overLimit, "exports") {
      let rva = $0.add(
        ".edata", Array(repeating: 0, count: 16) + Array(repeating: 0xFF, count: 24))
      $0.directories[0] = (rva, 40)
    },
  ]

  @Test(
    "a damaged image is refused with the reason, and the message says what", arguments: headerDamage
  )
  func headers(damage: Damage) { check(damage) }

  @Test("a damaged section table is refused", arguments: sectionDamage)
  func sections(damage: Damage) { check(damage) }

  @Test("a damaged table is refused", arguments: tableDamage)
  func tables(damage: Damage) { check(damage) }

  private func check(_ damage: Damage) {
    let error = #expect(throws: ImageError.self) { try Image(bytes: damage.make()) }
    #expect(error?.reason == damage.reason)
    #expect(error?.message.contains(damage.text) == true, "\(error.map(\.description) ?? "none")")
    #expect(error?.remedy.isEmpty == false)
  }

  @Test("every file that ends too early is refused and does not crash")
  func truncation() throws {
    var builder = ImageBuilder(code: Array(repeating: 0x90, count: 64))
    builder.addImports(module: "ntoskrnl.exe", names: ["IoCreateDevice"])
    builder.addFunctions([(0x1000, 0x1010)])
    let whole = builder.build()
    _ = try Image(bytes: whole)
    for length in 0..<whole.count {
      #expect(throws: ImageError.self) { try Image(bytes: Array(whole.prefix(length))) }
    }
  }

  @Test("a section without data may name any place in the file")
  func emptySection() throws {
    var builder = ImageBuilder()
    builder.add(".bss", [], virtualSize: 0x100)
    builder.parts[1].rawOffset = 0xFFFF_FFFF
    let image = try Image(bytes: builder.build())
    #expect(image.contents(of: image.sections[1]).isEmpty)
    #expect(image.contents(at: 0x2010, count: 4) == [0, 0, 0, 0])
  }

  @Test("the limits are obeyed")
  func limits() throws {
    var builder = ImageBuilder(code: Array(repeating: 0x90, count: 64))
    builder.addImports(module: "ntoskrnl.exe", names: ["AAAA", "BBBB", "CCCC"])
    let bytes = builder.build()
    var few = ImageLimits()
    few.imports = 2
    #expect(throws: ImageError.self) { try Image(bytes: bytes, limits: few) }
    var short = ImageLimits()
    short.nameLength = 3
    #expect(throws: ImageError.self) { try Image(bytes: bytes, limits: short) }
    var tight = ImageLimits()
    tight.allNames = 20
    let error = #expect(throws: ImageError.self) { try Image(bytes: bytes, limits: tight) }
    #expect(error?.reason == .overLimit)
    #expect(throws: Never.self) { try Image(bytes: bytes) }
  }
}

@Suite struct RequireDriverTests {
  static let cases: [Damage] = [
    Damage("console program", .notADriver, "Windows console") { $0.subsystem = 3 },
    Damage("no entry point", .notADriver, "no entry point") { $0.entryPoint = 0 },
    Damage("entry point in data", .notADriver, "not in an executable section") {
      $0.entryPoint = $0.add(".data", [0xC3])
    },
    Damage("managed code", .notADriver, "managed code") { $0.directories[14] = (0x1000, 8) },
    Damage("fixed", .notRelocatable, "no relocations") { $0.characteristics = 0x23 },
    Damage("thread-local callbacks", .threadLocalCallbacks, "1 thread-local") {
      let rva = UInt64($0.nextAddress)
      var data = Array(repeating: UInt8(0), count: 24) + bytes($0.base + rva + 40)
      data += bytes(UInt64(0)) + bytes($0.base + 0x1000) + bytes(UInt64(0))
      $0.add(".rdata", data)
      $0.directories[9] = (UInt32(rva), 40)
    },
  ]

  @Test("an image that is no loadable driver is read, but not accepted", arguments: cases)
  func refused(damage: Damage) throws {
    let image = try Image(bytes: damage.make())
    let error = #expect(throws: ImageError.self) { try image.requireDriver() }
    #expect(error?.reason == damage.reason)
    #expect(error?.message.contains(damage.text) == true, "\(error.map(\.description) ?? "none")")
  }

  @Test("an error names the place and the remedy")
  func errorText() {
    let error = #expect(throws: ImageError.self) { try Image(bytes: Damage.x86) }
    #expect(
      error?.description
        == "The image is for 32-bit x86, and this system is x64 (at file offset 0x84)."
        + " Build the driver for x64.")
  }
}

extension Damage {
  static var x86: [UInt8] {
    var builder = ImageBuilder()
    builder.machine = 0x14C
    return builder.build()
  }
}
