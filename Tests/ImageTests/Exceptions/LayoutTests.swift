import CDriverKit
import CRing3
import Testing

@Suite("Exception structures")
struct LayoutTests {
  @Test("The boundary's CONTEXT is the driver kit's")
  func context() {
    #expect(MemoryLayout<R3Context>.size == MemoryLayout<CONTEXT>.size)
    #expect(
      MemoryLayout<R3Context>.offset(of: \.registers.rip) == MemoryLayout<CONTEXT>.offset(of: \.Rip)
    )
    #expect(
      MemoryLayout<R3Context>.offset(of: \.registers.rax) == MemoryLayout<CONTEXT>.offset(of: \.Rax)
    )
    #expect(
      MemoryLayout<R3Context>.offset(of: \.eFlags) == MemoryLayout<CONTEXT>.offset(of: \.EFlags))
    #expect(MemoryLayout<R3Context>.offset(of: \.dr7) == MemoryLayout<CONTEXT>.offset(of: \.Dr7))
  }

  @Test("The boundary's EXCEPTION_RECORD is the driver kit's")
  func record() {
    typealias Theirs = EXCEPTION_RECORD
    #expect(MemoryLayout<R3ExceptionRecord>.size == MemoryLayout<Theirs>.size)
    #expect(
      MemoryLayout<R3ExceptionRecord>.offset(of: \.address)
        == MemoryLayout<Theirs>.offset(of: \.ExceptionAddress))
    #expect(
      MemoryLayout<R3ExceptionRecord>.offset(of: \.parameters)
        == MemoryLayout<Theirs>.offset(of: \.ExceptionInformation))
  }
}
