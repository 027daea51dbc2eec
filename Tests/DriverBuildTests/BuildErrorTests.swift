import Foundation
import Testing

@testable import DriverBuild

@Suite struct BuildErrorTests {
  let work: Workspace
  init() throws { work = try Workspace() }

  @Test func `names a source that is not there`() throws {
    let error = work.failure([work.directory + "/none.c"])
    #expect(error?.code == .inputMissing)
    #expect(error?.message.contains("none.c: no such file") == true)
  }

  @Test func `names an include directory that is not there`() throws {
    let source = try work.write("a.c", prelude + entry)
    let error = work.failure([source]) { $0.includeDirectories = ["/nowhere"] }
    #expect(error?.message.contains("/nowhere") == true)
  }

  @Test func `passes on what the compiler says`() throws {
    let source = try work.write("a.c", prelude + "int f( { }\n" + entry)
    let error = work.failure([source])
    #expect(error?.code == .compilationFailed)
    #expect(error?.diagnostics.contains("a.c:11:8: error:") == true)
  }

  @Test func `goes on after an error when told to`() throws {
    let sources = try (0..<6).map { try work.write("\($0).c", "int f\($0)( { }\n") }
    let all = work.failure(sources) { $0.keepGoing = true }
    #expect(all?.diagnostics.contains("5.c:1:") == true)
  }

  @Test func `names a function that is nowhere and who calls it`() throws {
    let source = try work.write(
      "a.c",
      prelude + "int frobnicate(void);\n"
        + "NTSTATUS DriverEntry(void *a, void *b) { return frobnicate(); }\n")
    let error = work.failure([source])
    #expect(error?.code == .linkFailed)
    #expect(error?.diagnostics.contains("undefined symbol: frobnicate") == true)
    #expect(error?.diagnostics.contains("a.c:(DriverEntry)") == true)
  }

  @Test func `takes a function with a kernel name for an export, and says so`() throws {
    let source = try work.write(
      "a.c",
      prelude + "NTSTATUS ZwFrobnicate(void);\n"
        + "NTSTATUS DriverEntry(void *a, void *b) { return ZwFrobnicate(); }\n")
    let driver = try work.build([source])
    #expect(driver.notes.count == 1)
    #expect(driver.notes.first?.hasPrefix("ZwFrobnicate: ") == true)
    let again = try work.build([source])
    #expect(again.isFromCache && again.notes == driver.notes)
  }

  @Test func `says that DriverEntry is missing`() throws {
    let source = try work.write("a.c", "int x;\n")
    #expect(work.failure([source])?.message.contains("No source defines DriverEntry") == true)
  }

  @Test func `says that operator new is the driver's own affair`() throws {
    let source = try work.write(
      "a.cpp", prelude + "NTSTATUS DriverEntry(void *, void *) { return *new int(3); }\n")
    #expect(work.failure([source])?.message.contains("operator new") == true)
  }

  @Test(arguments: ["a.asm", "a.h", "a.pas"])
  func `refuses what it cannot translate, by name`(name: String) throws {
    let error = work.failure([try work.write(name, "")])
    #expect(error?.code == .inputUnsupported)
    #expect(error?.message.contains(name) == true)
  }

  @Test func `says how a header is made from a message file`() throws {
    try work.write("events.mc", "")
    let source = try work.write("a.c", "#include \"events.h\"\n" + prelude + entry)
    let error = work.failure([source])
    #expect(error?.message.contains("events.mc: that tool is not here") == true)
  }

  @Test func `says that a header is nowhere`() throws {
    let source = try work.write("a.c", "#include <nosuch.h>\n" + prelude + entry)
    #expect(work.failure([source])?.message.contains("nosuch.h is neither beside") == true)
  }

  @Test func `says that the output cannot be written`() throws {
    let source = try work.write("a.c", prelude + entry)
    let error = work.failure([source], output: "/nowhere/a.sys")
    #expect(error?.code == .outputFailed)
    #expect(error?.message.contains("/nowhere/a.sys") == true)
  }
}
