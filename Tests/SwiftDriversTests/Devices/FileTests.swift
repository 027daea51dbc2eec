import Ring3
import Testing

/// File objects in a Swift driver.
struct FileTests {
  let stage: JournalStage

  init() throws { stage = try JournalStage(FileDriver.self) }

  @Test func `each open has an object of the driver's own`() throws {
    let first = try stage.process.open(#"\\.\Files"#)
    let second = try stage.process.open(#"\\.\Files\two"#)
    #expect(try first.write([1, 2, 3]) == 1)
    #expect(try second.write([1]) == 1)
    #expect(try first.write([4]) == 1)
    _ = try stage.said()
    try first.close()
    #expect(try stage.said() == ["cleanup 4", "close", "session ends"])
    try second.close()
    #expect(try stage.said() == ["cleanup 1", "close", "session ends"])
    try stage.unload()
    #expect(stage.kernel.leaks.isEmpty)
  }

  @Test func `an open is refused by throwing`() throws {
    let error = #expect(throws: KernelError.self) {
      try stage.process.open(#"\\.\Files\closed"#)
    }
    #expect(error?.status == .accessDenied)
    #expect(try stage.said() == [#"create \closed PASSIVE_LEVEL"#])
  }
}
