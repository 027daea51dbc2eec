import NTTypes
import PortableExecutable
import Testing

@Suite struct ImageTests {
  @Test("the smallest driver is read: one section, no tables")
  func smallest() throws {
    let image = try Image(bytes: ImageBuilder().build())
    try image.requireDriver()
    #expect(image.entryPoint == 0x1000)
    #expect(image.imageSize == 0x2000)
    #expect(image.preferredBase == 0x1_4000_0000)
    #expect(image.sections.map(\.name) == [".text"])
    #expect(image.sections[0].protection == "r-x")
    #expect(image.contents(of: image.sections[0]).prefix(3) == [0x33, 0xC0, 0xC3])
    #expect(image.imports.isEmpty && image.exports.isEmpty && image.relocations.isEmpty)
    #expect(image.driverModel == .wdm)
    #expect(image.isPageAligned)
    #expect(image.headers.subsystemVersion.description == "10.0")
  }

  @Test("the loaded image has the headers, the data and zeros behind it")
  func loaded() throws {
    var builder = ImageBuilder()
    builder.add(".data", [1, 2, 3], virtualSize: 0x1800, characteristics: 0xC000_0040)
    builder.add(".bss", [], virtualSize: 0x10, characteristics: 0xC000_0080)
    let image = try Image(bytes: builder.build())
    let loaded = image.loaded()
    #expect(loaded.count == 0x5000)
    #expect(loaded.starts(with: [0x4D, 0x5A]))
    #expect(loaded[0x2000..<0x2004] == [1, 2, 3, 0])
    #expect(image.contents(at: 0x2001, count: 4) == [2, 3, 0, 0])
    #expect(image.contents(at: 0x4000, count: 16) == Array(repeating: 0, count: 16))
    #expect(image.contents(at: 0x4000, count: 17) == nil)
    #expect(image.section(containing: 0x37FF)?.name == ".data")
    #expect(image.section(containing: 0x3800) == nil)
    #expect(image.section(containing: 0x800) == nil)
  }

  @Test("imports are read by name and by ordinal, with their slots")
  func imports() throws {
    var builder = ImageBuilder()
    builder.addImports(module: "ntoskrnl.exe", names: ["IoCreateDevice", nil, "IoDeleteDevice"])
    builder.addImports(module: "WDFLDR.SYS", names: ["WdfVersionBind"])
    let first = try Image(bytes: builder.build())
    #expect(first.imports.map(\.name) == ["WDFLDR.SYS"])
    #expect(first.driverModel == .kmdf)

    var single = ImageBuilder()
    single.addImports(module: "ntoskrnl.exe", names: ["IoCreateDevice", nil, "IoDeleteDevice"])
    let image = try Image(bytes: single.build())
    let module = try #require(image.imports.first)
    #expect(
      module.imports.map(\.symbol) == [
        .name("IoCreateDevice"), .ordinal(7), .name("IoDeleteDevice"),
      ])
    #expect(module.imports.map(\.symbol.description) == ["IoCreateDevice", "#7", "IoDeleteDevice"])
    let slots = module.imports.map(\.slot)
    #expect(slots == [slots[0], slots[0] + 8, slots[0] + 16])
  }

  @Test("relocations are listed without those that only fill up")
  func relocations() throws {
    var builder = ImageBuilder(code: Array(repeating: 0, count: 64))
    builder.addRelocations(page: 0x1000, entries: [0xA008, 0xA010, 0x0000, 0xA020])
    let image = try Image(bytes: builder.build())
    #expect(image.relocations.count == 3)
    #expect(Array(image.relocations) == [0x1008, 0x1010, 0x1020])
  }

  @Test("functions are found by an address inside them")
  func functions() throws {
    var builder = ImageBuilder(code: Array(repeating: 0x90, count: 64))
    builder.addFunctions([(0x1000, 0x1010), (0x1010, 0x1018), (0x1020, 0x1030)])
    let image = try Image(bytes: builder.build())
    #expect(image.functions.count == 3)
    #expect(image.function(containing: 0x1000)?.begin == 0x1000)
    #expect(image.function(containing: 0x1017)?.begin == 0x1010)
    #expect(image.function(containing: 0x1018) == nil)
    #expect(image.function(containing: 0xFFF) == nil)
    let info = try image.unwindInfo(of: image.functions[0])
    #expect(info.version == 1 && info.codes.isEmpty && info.handler == nil)
  }

  @Test("unwind data with a handler, and chained unwind data, are read")
  func unwindData() throws {
    // Version 1, exception handler; prologue 4; two codes: push rbp, sub rsp 0x20.
    var builder = ImageBuilder(code: Array(repeating: 0x90, count: 64))
    builder.addFunctions(
      [(0x1000, 0x1010)],
      unwind: [0x09, 4, 2, 0x25, 4, 0x32, 1, 0x50] + bytes(UInt32(0x1020)) + bytes(UInt32(1)))
    let image = try Image(bytes: builder.build())
    let info = try image.unwindInfo(of: image.functions[0])
    #expect(info.flags == .exceptionHandler)
    #expect(info.handler == 0x1020)
    #expect(info.prologueSize == 4)
    #expect(info.frameRegister == 5 && info.frameOffset == 0x20)
    #expect(info.codes.map(\.operation) == [2, 0])
    #expect(info.codes.map(\.info) == [3, 5])
    #expect(image.contents(at: try #require(info.handlerData), count: 4) == [1, 0, 0, 0])
  }

  @Test("exports are read by ordinal, by name and as forwarders")
  func exports() throws {
    var builder = ImageBuilder(code: Array(repeating: 0x90, count: 64))
    let base = builder.nextAddress
    var data = Array(repeating: UInt8(0), count: 12)
    data += bytes(base + 90) + bytes(UInt32(5)) + bytes(UInt32(4)) + bytes(UInt32(2))
    data += bytes(base + 40) + bytes(base + 56) + bytes(base + 64)
    data += bytes(UInt32(0x1010)) + bytes(UInt32(0)) + bytes(base + 68) + bytes(UInt32(0x1020))
    data += bytes(base + 82) + bytes(base + 86)
    data += [3, 0, 2, 0]
    data += text("HAL.KeStall12") + text("Foo") + text("Bar") + text("lib.sys")
    builder.add(".edata", data)
    builder.directories[0] = (base, UInt32(data.count))
    let image = try Image(bytes: builder.build())
    #expect(image.exportName == "lib.sys")
    #expect(
      image.exports == [
        Export(ordinal: 5, name: nil, target: .address(0x1010)),
        Export(ordinal: 7, name: "Bar", target: .forwarder("HAL.KeStall12")),
        Export(ordinal: 8, name: "Foo", target: .address(0x1020)),
      ])
    #expect(image.symbol(nearest: 0x1024)?.description == "Foo+0x4")
    #expect(image.symbol(nearest: 0x1004) == nil)
  }

  @Test("symbols are read from the COFF table, and the nearest one is found")
  func symbols() throws {
    var builder = ImageBuilder(code: Array(repeating: 0x90, count: 64))
    func symbol(_ name: [UInt8], _ value: UInt32, _ section: UInt16, _ kind: UInt8) -> [UInt8] {
      name + Array(repeating: 0, count: 8 - name.count) + bytes(value) + bytes(section)
        + [0x20, 0, kind, 0]
    }
    builder.symbolTable =
      symbol(Array("Beta".utf8), 0x20, 1, 2) + symbol(Array("Alpha".utf8), 0, 1, 3)
      + symbol([0, 0, 0, 0, 4, 0, 0, 0], 0x30, 1, 2)
      + symbol(Array("Abs".utf8), 0x1234, 0xFFFF, 2)
      + symbol(Array("Far".utf8), 0x1000, 1, 2)
    builder.symbolCount = 5
    let long = text("ALongNameThatNeedsTheTable")
    builder.trailer = bytes(UInt32(4 + long.count)) + long
    let image = try Image(bytes: builder.build())
    #expect(image.symbols.count == 3)
    #expect(image.symbol(nearest: 0x1000)?.description == "Alpha")
    #expect(image.symbol(nearest: 0x102F)?.description == "Beta+0xF")
    #expect(image.symbol(nearest: 0x1031)?.description == "ALongNameThatNeedsTheTable+0x1")
    #expect(image.symbols.symbol(named: "Beta")?.rva == 0x1020)
    #expect(image.symbol(nearest: 0x400) == nil)
  }

  @Test("the load configuration gives image offsets, as far as its size reaches")
  func loadConfiguration() throws {
    var builder = ImageBuilder()
    let base = builder.nextAddress
    func configuration(_ size: UInt32) -> [UInt8] {
      var data = Array(repeating: UInt8(0), count: 0x140)
      data.replaceSubrange(0..<4, with: bytes(size))
      data.replaceSubrange(0x58..<0x60, with: bytes(builder.base + UInt64(base) + 0x138))
      data.replaceSubrange(
        0x70..<0x78, with: bytes(builder.base + 0x1000 - 8 + UInt64(base) - 0xFF8))
      data.replaceSubrange(0x90..<0x94, with: bytes(UInt32(0x10000500)))
      return data
    }
    var full = builder
    full.add(".rdata", configuration(0x140))
    full.directories[10] = (base, 0x140)
    let image = try Image(bytes: full.build())
    let read = try #require(image.loadConfiguration)
    #expect(read.securityCookie == base + 0x138)
    #expect(read.guardCheckPointer == base)
    #expect(read.guardDispatchPointer == nil)
    #expect(read.guardFlags.contains([.instrumented, .functionTablePresent]))
    #expect(read.guardEntryExtra == 1)

    builder.add(".rdata", configuration(0x60))
    builder.directories[10] = (base, 0x140)
    let short = try #require(try Image(bytes: builder.build()).loadConfiguration)
    #expect(short.securityCookie == base + 0x138)
    #expect(short.guardCheckPointer == nil && short.guardFlags.isEmpty)
  }

  @Test("the PDB reference is read from the debug table")
  func pdb() throws {
    var builder = ImageBuilder()
    let record = Array("RSDS".utf8) + Array(1...16) + bytes(UInt32(3)) + text("c:\\x\\echo.pdb")
    let file = UInt32(0x600 + 28)
    var data = Array(repeating: UInt8(0), count: 12) + bytes(UInt32(2))
    data += bytes(UInt32(record.count)) + bytes(UInt32(0)) + bytes(file)
    let rva = builder.add(".rdata", data + record)
    builder.directories[6] = (rva, 28)
    let pdb = try #require(try Image(bytes: builder.build()).pdb)
    #expect(pdb.path == "c:\\x\\echo.pdb")
    #expect(pdb.age == 3)
    #expect(pdb.guid.description == "{04030201-0605-0807-090a-0b0c0d0e0f10}")
  }

  @Test("the checksum is computed without its own field")
  func checksum() throws {
    let plain = ImageBuilder().build()
    let image = try Image(bytes: plain)
    var stamped = plain
    stamped.replaceSubrange(0x80 + 24 + 64..<0x80 + 24 + 68, with: bytes(image.computedChecksum))
    let again = try Image(bytes: stamped)
    #expect(again.headers.checksum == image.computedChecksum)
    #expect(again.computedChecksum == image.computedChecksum)
    #expect(image.computedChecksum > UInt32(plain.count))
  }
}
