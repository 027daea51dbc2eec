import CRing3
import CRing3TestSupport
import DriverBuild
import Glibc
import Machine
import Testing

@testable import Image

/// What a function's caller looks like after the return; what unwinding must give everywhere in it.
private struct Expected {
  var rip: UInt64
  var registers: R3Registers

  func matches(_ context: R3Context) -> Bool {
    let found = context.registers
    return found.rip == rip && found.rsp == registers.rsp && found.rbx == registers.rbx
      && found.rbp == registers.rbp && found.rsi == registers.rsi && found.rdi == registers.rdi
      && found.r12 == registers.r12 && found.r13 == registers.r13
      && found.r14 == registers.r14 && found.r15 == registers.r15
  }
}

/// Follows a driver instruction by instruction, in the signal handler.
private struct Stepper {
  let image: CodeImage
  let calls = UnsafeMutablePointer<Expected>.allocate(capacity: 64)
  let context = UnsafeMutablePointer<R3Context>.allocate(capacity: 1)
  var depth = 0
  var last = R3Registers()
  var steps = 0
  var wrong = 0
  var firstWrong: UInt64 = 0
  var deepest = 0

  mutating func step(_ registers: R3Registers) {
    guard image.contains(registers.rip) else { return }
    while depth > 0, calls[depth - 1].rip == registers.rip,
      calls[depth - 1].registers.rsp == registers.rsp
    {
      depth -= 1
    }
    noteCall(registers)
    last = registers
    guard depth > 0 else { return }
    steps += 1
    if !unwindsTo(calls[depth - 1], registers) {
      if wrong == 0 { firstWrong = registers.rip - image.base }
      wrong += 1
    }
  }

  /// A call has happened when the stack grew by an address just after the last instruction.
  private mutating func noteCall(_ registers: R3Registers) {
    guard let word = UnsafePointer<UInt64>(bitPattern: UInt(registers.rsp))?.pointee else { return }
    let isCall =
      depth == 0
      || registers.rsp == last.rsp &- 8 && word &- last.rip <= 8 && registers.rip != word
        && word != last.rip
    guard isCall, depth < 64 else { return }
    var expected = registers
    expected.rsp += 8
    calls[depth] = Expected(rip: word, registers: expected)
    depth += 1
    deepest = max(deepest, depth)
  }

  private func unwindsTo(_ expected: Expected, _ registers: R3Registers) -> Bool {
    guard let thread = r3_current() else { return false }
    context.initialize(to: R3Context())
    context.pointee.registers = registers
    let unwinder = Unwinder(stack: FrameWalk.stack(of: thread), context: context)
    if let function = image.function(at: registers.rip) {
      guard
        unwinder.unwind(function.pointee, at: registers.rip, in: image, handler: .none) != nil
      else { return false }
    } else {
      guard unwinder.unwindLeaf() else { return false }
    }
    return expected.matches(context.pointee)
  }
}

nonisolated(unsafe) private let stepper = UnsafeMutablePointer<Stepper?>.allocate(capacity: 1)

@Suite("Unwinding at every instruction", .serialized)
struct SteppingTests {
  @Test(
    "Every instruction of a driver unwinds to its caller",
    arguments: DriverBuilder.Optimization.allCases)
  func everywhere(optimization: DriverBuilder.Optimization) throws {
    let test = try TestMachine(TestImage.seh(optimization))
    stepper.initialize(to: Stepper(image: test.image.code))
    test.machine.exceptions.pointee.singleStep = { fault in
      stepper.pointee?.step(fault.pointee.registers)
      return true
    }
    let address = try test.image.address("steps")
    let result = try test.machine.inside(try test.system()) {
      UnsafeRawPointer(bitPattern: UInt(address)).map { test_callStepping($0, 0) } ?? 0
    }
    let found = try #require(stepper.pointee)
    #expect(result != 0)
    #expect(found.steps > 500)
    #expect(found.wrong == 0, "first at offset \(String(found.firstWrong, radix: 16))")
    #expect(found.depth == 0 || found.deepest > 1)
  }
}
