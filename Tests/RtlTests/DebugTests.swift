import Machine
import NTTypes
import Rtl
import Testing

/// Debug output, its filters, and breakpoints.
@Suite struct DebugTests {
  let memory = TestMemory()

  @Test("DbgPrint formats, and wide text becomes UTF-8")
  func printing() throws {
    try inMachine { machine in
      let status = dbgPrint(
        memory.arguments([.text("Echo: %wZ %ws %d\n"), .countedWide("é"), .wide("😀"), .int(5)]))
      #expect(status == 0)
      #expect(machine.debugText == "Echo: é 😀 5\n")
    }
  }

  @Test("One call prints 512 bytes at most")
  func longText() throws {
    try inMachine { machine in
      _ = dbgPrint(memory.arguments([.text("%600d"), .int(1)]))
      #expect(machine.debugText == String(repeating: " ", count: 512))
    }
  }

  @Test(
    "DbgPrintEx shows errors, other levels when their filter says so",
    arguments: [
      (UInt32(77), UInt32(0), true), (77, 3, false), (77, 0x8000_0001, true),
      (77, 0x8000_0008, false),
      (500, 0, true), (500, 2, false),
    ])
  func levels(component: UInt32, level: UInt32, isShown: Bool) throws {
    try inMachine { machine in
      let arguments = memory.arguments([
        .int(Int64(component)), .int(Int64(level)), .text("%s."), .text("x"),
      ])
      _ = dbgPrintEx(arguments)
      #expect(machine.debugText == (isShown ? "x." : ""))
      #expect(dbgQueryDebugFilterState(component, level) == (isShown ? 1 : 0))
    }
  }

  @Test("A filter can be switched on and off")
  func filters() throws {
    try inMachine { machine in
      let arguments = memory.arguments([.int(77), .int(3), .text("info")])
      #expect(dbgSetDebugFilterState(77, 3, 1) == 0)
      _ = dbgPrintEx(arguments)
      #expect(dbgSetDebugFilterState(77, 3, 0) == 0)
      _ = dbgPrintEx(arguments)
      #expect(machine.debugText == "info")
      #expect(dbgSetDebugFilterState(256, 3, 1) != 0)
      let prefixed = memory.narrow("echo: ")
      _ = vDbgPrintExWithPrefix(prefixed, 77, 0, memory.narrow("%d"), memory.arguments([.int(1)]))
      #expect(machine.debugText == "infoecho: 1")
    }
  }

  @Test("DbgPrompt asks and gets no answer")
  func prompting() throws {
    try inMachine { machine in
      let answer = memory.narrow("old")
      #expect(dbgPrompt(memory.narrow("Break?"), answer, 4) == 0)
      #expect(answer.text == "")
      #expect(machine.debugText == "Break?")
    }
  }

  @Test("A breakpoint is noted and the driver goes on, or raises when the machine is told so")
  func breakpoints() throws {
    try inMachine { machine in
      dbgBreakPoint()
      #expect(machine.debugText == "Break instruction: the driver called DbgBreakPoint.\n")
    }
    var configuration = MachineConfiguration()
    configuration.breakpointsRaise = true
    let machine = try Machine.make(configuration)
    Runtime.install(in: machine)
    defer { machine.destroy() }
    #expect(throws: MachineHalted.self) {
      try machine.inside(machine.systemProcess) { dbgBreakPoint() }
    }
  }

  @Test("A failed assertion raises 0x80000003")
  func breaking() throws {
    let machine = try Machine.make(MachineConfiguration())
    Runtime.install(in: machine)
    defer { machine.destroy() }
    let (assertion, file) = (memory.narrow("x > 0"), memory.narrow("echo.c"))
    #expect(throws: MachineHalted.self) {
      try machine.inside(machine.systemProcess) { rtlAssert(assertion, file, 12, nil) }
    }
    #expect(machine.recordedBugCheck?.parameters.0 == 0x8000_0003)
    #expect(
      machine.debugText
        == "\n*** Assertion failed: x > 0\n***   Source File: echo.c, line 12\n\n")
  }
}
