import PortableExecutable
import Testing

@Suite struct ImageDetailTests {
  @Test("delayed imports are listed behind the others and marked")
  func delayedImports() throws {
    var builder = ImageBuilder()
    builder.addImports(module: "ntoskrnl.exe", names: ["DbgPrint"])
    builder.addDelayedImports(module: "netio.sys", names: ["First", "Second"])
    let image = try Image(bytes: builder.build())
    #expect(image.imports.map(\.name) == ["ntoskrnl.exe", "netio.sys"])
    #expect(image.imports.map(\.isDelayed) == [false, true])
    #expect(image.imports[1].imports.map(\.symbol) == [.name("First"), .name("Second")])

    var old = ImageBuilder()
    old.addDelayedImports(module: "netio.sys", names: ["First"], attributes: 0)
    let error = #expect(throws: ImageError.self) { try Image(bytes: old.build()) }
    #expect(error?.message.contains("old form") == true)
  }

  @Test("the version resource gives its numbers and texts")
  func version() throws {
    var builder = ImageBuilder()
    builder.addVersion([("FileDescription", "An echo driver"), ("CompanyName", "Ünïcode")])
    let version = try #require(try Image(bytes: builder.build()).version)
    #expect(version.fileVersion == [1, 2, 3, 4])
    #expect(version.productVersion == [5, 6, 7, 8])
    #expect(version.fileDescription == "An echo driver")
    #expect(version.companyName == "Ünïcode")
    #expect(version.originalFilename == nil)
  }

  @Test("a damaged version resource or debug table hides the texts and nothing else")
  func damagedTexts() throws {
    var builder = ImageBuilder()
    builder.addVersion([("FileDescription", "An echo driver")])
    let sound = builder.build()
    let start = 0x600
    for offset in start..<sound.count {
      var bytes = sound
      bytes[offset] ^= 0xFF
      #expect(throws: Never.self) { try Image(bytes: bytes) }
    }
    var debug = ImageBuilder()
    let rva = debug.add(".rdata", Array(repeating: 0xFF, count: 56))
    debug.directories[6] = (rva, 56)
    let image = try Image(bytes: debug.build())
    #expect(image.debugEntries.isEmpty && image.pdb == nil)
  }

  @Test(
    "the kind of a driver is guessed from its imports",
    arguments: [
      ("WDFLDR.SYS", DriverModel.kmdf), ("FLTMGR.SYS", .minifilter), ("ndis.sys", .ndis),
      ("storport.sys", .storport), ("portcls.sys", .audioPort), ("HAL.dll", .wdm),
    ])
  func model(module: String, model: DriverModel) throws {
    var builder = ImageBuilder()
    builder.addImports(module: module, names: ["Anything"])
    #expect(try Image(bytes: builder.build()).driverModel == model)
  }

  @Test("sections tell whether they can be paged out or thrown away")
  func sections() throws {
    var builder = ImageBuilder()
    builder.add("PAGE", [1], characteristics: 0x6000_0020)
    builder.add("PAGELK", [1], characteristics: 0x6800_0020)
    builder.add("INIT", [1], characteristics: 0x6200_0020)
    let image = try Image(bytes: builder.build())
    #expect(image.sections.map(\.isPageable) == [false, true, false, false])
    #expect(image.sections.map(\.isDiscardable) == [false, false, false, true])
  }

  @Test("an image whose sections share pages says so")
  func lowAlignment() throws {
    var builder = ImageBuilder()
    builder.sectionAlignment = 0x40
    builder.fileAlignment = 0x40
    let image = try Image(bytes: builder.build())
    #expect(!image.isPageAligned)
  }
}
