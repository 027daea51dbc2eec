import NTTypes
import Testing

@Suite struct BugCheckTests {
  @Test("a bug check prints code, name, meaning and parameters")
  func message() {
    let check = BugCheck(
      .driverIrqlNotLessOrEqual, 0, 2, 1, 0xFFFF_F801_2345_1010,
      context: BugCheck.Context(
        irql: .dispatch,
        frames: [
          BugCheck.Frame(
            address: 0xFFFF_F801_2345_1010, module: "echo.sys", offset: 0x1010,
            symbol: "EchoRead+0x10",
            places: [.init(function: "EchoRead", file: "/src/echo.c", line: 20)])
        ]))
    let lines = check.message.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("*** STOP: 0x000000D1 (0x0000000000000000, ") == true)
    #expect(lines.contains("DRIVER_IRQL_NOT_LESS_OR_EQUAL"))
    #expect(lines.contains("  2  0x0000000000000002  the IRQL at that time"))
    #expect(lines.contains("IRQL: DISPATCH_LEVEL"))
    #expect(lines.contains("  0xFFFFF80123451010 echo.sys+0x1010 EchoRead+0x10 (echo.c:20)"))
    #expect(lines.contains("Rule: PageableAtRaisedLevel"))
    #expect(
      check.description.hasPrefix("DRIVER_IRQL_NOT_LESS_OR_EQUAL (0x000000D1) (0x0, 0x2, 0x1"))
  }

  @Test(
    "a check that stands for many rules says which one was broken",
    arguments: [
      (BugCheck(.verifierDetectedViolation, 0x62), "without releasing its pool"),
      (BugCheck(.verifierDetectedViolation, 0x20004), "IrqlExAllocatePool"),
      (BugCheck(.verifierIOManagerViolation, 0x06), "STATUS_PENDING or -1"),
      (BugCheck(.badPoolCaller, 0x0A), "a tag that the block does not have"),
      (BugCheck(.specialPoolCorruption, 0x1000, 0, 0, 0x24), "bytes behind the block"),
      (BugCheck(.wdfViolation, 6, 4), "more bytes than its output buffer holds"),
      (BugCheck(.kernelSecurityCheckFailure, 3), "the links of a list entry"),
      (BugCheck(.kmodeExceptionNotHandled, 0xFFFF_FFFF_C000_0005), "STATUS_ACCESS_VIOLATION"),
    ])
  func details(check: BugCheck, text: String) {
    #expect(check.message.contains(text))
  }

  @Test("every code has a name that leads back to it, and four parameter meanings or none")
  func names() {
    let all = BugCheckCode.named
    #expect(all.count >= 100)
    #expect(Set(all).count == all.count)
    for code in all {
      #expect(code.name.flatMap { BugCheckCode(name: $0) } == code)
      #expect([0, 4].contains(code.parameterMeanings.count))
    }
    #expect(BugCheckCode.ring3UnimplementedFunction.name == "RING3_UNIMPLEMENTED_FUNCTION")
  }

  @Test("an unknown code is printed by number")
  func unknown() {
    let check = BugCheck(BugCheckCode(0xDEAD), 1)
    #expect(check.code.name == nil)
    #expect(check.description == "bug check 0x0000DEAD (0x1, 0x0, 0x0, 0x0)")
    #expect(check.message.contains("a code that Ring3 does not know"))
  }
}
