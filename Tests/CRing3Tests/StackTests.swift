import CRing3
import CRing3TestSupport
import Testing

@Suite("Stack switch")
struct StackTests {
  @Test("A thread enters and returns 100,000 times")
  func enterAndReturn() {
    let kernel = KernelThread()
    var sum: UInt64 = 0
    for i in 0..<100_000 as Range<UInt64> { sum &+= kernel.run { i } }
    #expect(sum == 4_999_950_000)
    #expect(kernel.thread.pointee.hostStack == 0)
  }

  @Test("A thread enters and leaves 100,000 times")
  func enterAndLeave() {
    let kernel = KernelThread()
    let thread = kernel.thread
    var sum: UInt64 = 0
    for i in 0..<100_000 as Range<UInt64> {
      sum &+= kernel.run {
        r3_leave(thread, i)
        return 0
      }
    }
    #expect(sum == 4_999_950_000)
  }

  @Test("The body runs between the limits of the kernel stack, with GS at the thread")
  func runsOnKernelStack() {
    let kernel = KernelThread()
    let thread = kernel.thread
    let before = r3_current()
    let inside = kernel.run {
      let here = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 1) {
        UInt64(UInt(bitPattern: $0.baseAddress))
      }
      return thread.pointee.stackLimit <= here && here < thread.pointee.stackBase
        && test_readGS(0x18) == UInt64(UInt(bitPattern: thread)) ? 1 : 0
    }
    #expect(inside == 1)
    #expect(r3_current() == before)
  }

  @Test("entryBase is where the next entry starts")
  func entryBase() {
    let kernel = KernelThread()
    let base = kernel.thread.pointee.stackBase - 0x4000
    kernel.thread.pointee.entryBase = base
    let here = kernel.run {
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 1) {
        UInt64(UInt(bitPattern: $0.baseAddress))
      }
    }
    #expect(here < base && base - here < 0x1000)
  }

  @Test("A nested entry just calls, and leaving ends the outer one")
  func nestedEntry() {
    let kernel = KernelThread()
    let thread = kernel.thread
    let value = kernel.run { KernelThread.enter(thread) { 5 } + 1 }
    #expect(value == 6)
    let left = kernel.run {
      KernelThread.enter(thread) {
        r3_leave(thread, 77)
        return 0
      } + 1
    }
    #expect(left == 77)
  }

  @Test("Two threads of two machines nest on one host thread")
  func twoThreads() {
    let outer = KernelThread()
    let inner = KernelThread()
    let innerThread = inner.thread
    let outerThread = outer.thread
    let value = outer.run {
      let left = inner.run {
        r3_leave(innerThread, 40)
        return 0
      }
      return left + (test_readGS(0x18) == UInt64(UInt(bitPattern: outerThread)) ? 2 : 0)
    }
    #expect(value == 42)
  }

  @Test("Leaving restores the chain of frames, and floating-point control")
  func restoresState() {
    let kernel = KernelThread()
    let thread = kernel.thread
    _ = kernel.run {
      thread.pointee.frames = UnsafeMutablePointer(bitPattern: 0x1000)
      r3_leave(thread, 0)
      return 0
    }
    #expect(thread.pointee.frames == nil)
  }

  private final class Box {
    var value = 0
  }

  private static func leaveWhileOpen(_ value: inout Int, _ thread: UnsafeMutablePointer<R3Thread>) {
    value += 1
    r3_leave(thread, 1)
  }

  @Test("An access that was open on the abandoned stack does not stay open")
  func exclusivity() {
    let kernel = KernelThread()
    let thread = kernel.thread
    let box = Box()
    for _ in 0..<1000 {
      let left = kernel.run {
        Self.leaveWhileOpen(&box.value, thread)
        return 0
      }
      #expect(left == 1)
    }
    box.value += 1
    #expect(box.value > 0)
  }

  private static func leaveInside(
    _ outer: inout Int, _ inner: Box, _ kernel: borrowing KernelThread
  ) -> UInt64 {
    let thread = kernel.thread
    let left = kernel.run {
      Self.leaveWhileOpen(&inner.value, thread)
      return 0
    }
    outer += 1
    return left
  }

  @Test("An access that was open before the kernel was entered stays open, and ends as usual")
  func outerAccess() {
    let kernel = KernelThread()
    let outer = Box()
    let inner = Box()
    for _ in 0..<100 { #expect(Self.leaveInside(&outer.value, inner, kernel) == 1) }
    #expect(outer.value == 100)
    inner.value += 1
    #expect(inner.value > 0)
  }
}
