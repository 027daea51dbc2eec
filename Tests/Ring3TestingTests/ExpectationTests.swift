import Testing

@testable import Ring3Testing

/// The issues that a body records, as text.
private func issues(_ body: () throws -> Void) rethrows -> [String] {
  nonisolated(unsafe) var texts: [String] = []
  try withKnownIssue(isIntermittent: true, body) {
    true
  } matching: { issue in
    texts.append(issue.comments.map(\.rawValue).joined())
    return true
  }
  return texts
}

@Suite struct ExpectationTests {
  @Test("Bytes that are equal are no issue")
  func equal() {
    #expect(expectBytes([1, 2, 3], equal: [1, 2, 3] as ContiguousArray))
    #expect(expectBytes([], equal: []))
  }

  @Test("The first byte that differs is named and shown")
  func differing() {
    let expected = patternBytes(40)
    var actual = expected
    actual[0x12] = 0x41
    let texts = issues { #expect(!expectBytes(actual, equal: expected, "the read")) }
    #expect(
      texts == [
        """
        the read
        The bytes differ from offset 18 (0x12) on: 0x41, expected 0x12; both are 40 bytes long.
            00000000  00 01 02 03 04 05 06 07  08 09 0A 0B 0C 0D 0E 0F  ................
          - 00000010  10 11 12 13 14 15 16 17  18 19 1A 1B 1C 1D 1E 1F  ................
          + 00000010  10 11 41 13 14 15 16 17  18 19 1A 1B 1C 1D 1E 1F  ..A.............
            00000020  20 21 22 23 24 25 26 27                            !"#$%&'
        """
      ])
  }

  @Test(
    "Bytes that are missing and bytes too many are counted",
    arguments: [
      (
        [1, 2, 3], [1, 2],
        "There are more bytes from offset 2 (0x2) on: 3 bytes came, 2 are expected."
      ),
      ([], [1], "The bytes end at offset 0 (0x0): 0 bytes came, 1 are expected."),
    ] as [([UInt8], [UInt8], String)])
  func lengths(actual: [UInt8], expected: [UInt8], text: String) {
    let difference = ByteDifference(actual: actual, expected: expected)
    #expect(difference?.description.hasPrefix(text + "\n") == true)
  }

  @Test("A long difference is cut, before and behind")
  func long() throws {
    let actual = [UInt8](repeating: 0, count: 4096)
    let difference = try #require(
      ByteDifference(actual: actual, expected: actual.map { _ in 1 }.prefix(4000) + []))
    let later = try #require(
      ByteDifference(actual: actual, expected: [UInt8](repeating: 0, count: 2000) + [7]))
    #expect(difference.description.split(separator: "\n").count == 14)
    #expect(later.description.contains("\n  …\n    000007C0  "))
    #expect(later.description.hasSuffix("\n  …"))
  }

  @Test("A status is taken from errors and from answers", .driver(Loss.driver))
  func status() throws {
    let file = try TestKernel.current.open(#"\\.\Losing"#)
    expectStatus(.invalidDeviceRequest) { try file.deviceControl(IoControlCode(bits: 0x22_3000)) }
    expectStatus(.success) { try file.deviceControl(MethodPlan.all(function: 0x810)[0].code) }
    let answer = expectStatus(.bufferOverflow) {
      try file.deviceControl(
        Loss.nothing.code, inputAt: 0, inputCount: 0, outputAt: 0, outputCount: 0)
    }
    #expect(answer?.information == 0)
    let texts = issues {
      expectStatus(.pending) { try file.deviceControl(IoControlCode(bits: 0x22_3000)) }
    }
    #expect(
      texts == [
        "Expected STATUS_PENDING (0x00000103), got STATUS_INVALID_DEVICE_REQUEST (0xC0000010)."
      ])
  }

  @Test("An error that is no status is told")
  func otherError() {
    struct Other: Error {}
    #expect(issues { expectStatus(.success) { throw Other() } }.count == 1)
    #expect(issues { expectBugCheck { throw Other() } }.count == 1)
    #expect(issues { expectStatus(.success) { try #require(Bool(false)) } }.count == 1)
  }

  @Test("A call that is waited for gives its status too", .driver(Loss.driver))
  func asynchronous() async throws {
    let file = try TestKernel.current.open(#"\\.\Losing"#)
    await expectStatus(.cancelled) {
      let request = try file.startControl(Loss.request.code)
      request.cancel()
      return try await request.completion
    }
  }

  @Test("A bug check that is expected is no issue, for the trait neither", .driver(Loss.driver))
  func bugCheck() throws {
    let file = try TestKernel.current.open(#"\\.\Losing"#)
    let bugCheck = expectBugCheck(.kmodeExceptionNotHandled) {
      try file.deviceControl(Loss.itself.code)
    }
    #expect(bugCheck?.parameter1 == 0xC000_0005)
  }

  @Test("Another bug check is told by name, with the driver's stack", .driver(Loss.driver))
  func otherBugCheck() throws {
    let file = try TestKernel.current.open(#"\\.\Losing"#)
    let texts = issues {
      expectBugCheck(.driverIrqlNotLessOrEqual) { try file.deviceControl(Loss.itself.code) }
    }
    let text = try #require(texts.first)
    #expect(
      text.hasPrefix(
        """
        Expected DRIVER_IRQL_NOT_LESS_OR_EQUAL (0x000000D1), got KMODE_EXCEPTION_NOT_HANDLED (0x0000001E).
        *** STOP: 0x0000001E
        """))
    #expect(text.contains("losing.sys+") && text.contains("(losing.c:"))
  }

  @Test("No bug check where one is expected is an issue", .driver(Loss.driver))
  func noBugCheck() throws {
    let file = try TestKernel.current.open(#"\\.\Losing"#)
    let texts = issues {
      expectBugCheck(.wdfViolation) { try file.deviceControl(IoControlCode(bits: 0x22_3000)) }
    }
    #expect(
      texts == [
        "Expected WDF_VIOLATION (0x0000010D), got STATUS_INVALID_DEVICE_REQUEST (0xC0000010): no bug check."
      ])
  }
}
