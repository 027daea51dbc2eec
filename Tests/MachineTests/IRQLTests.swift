import CRing3
import Glibc
import Machine
import Testing

@Suite("IRQL")
struct IRQLTests {
  @Test("Raising returns the old level, lowering restores it")
  func levels() throws {
    let kernel = try TestMachine()
    try kernel.run {
      #expect(CurrentThread.irql == IRQL.passive)
      #expect(IRQL.raise(to: IRQL.apc) == IRQL.passive)
      #expect(IRQL.raise(to: IRQL.dispatch) == IRQL.apc)
      #expect(IRQL.raise(to: IRQL.high) == IRQL.dispatch)
      IRQL.lower(to: IRQL.dispatch)
      IRQL.lower(to: IRQL.passive)
      #expect(CurrentThread.irql == IRQL.passive)
    }
  }

  @Test("Raising to a lower level is bug check 0x9")
  func raiseDown() throws {
    let kernel = try TestMachine()
    let record = try kernel.bugCheck {
      IRQL.raise(to: IRQL.dispatch)
      IRQL.raise(to: IRQL.apc)
    }
    #expect(record.code == 0x9)
    #expect(record.irql == IRQL.dispatch)
  }

  @Test("Lowering to a higher level is bug check 0xA")
  func lowerUp() throws {
    let kernel = try TestMachine()
    let record = try kernel.bugCheck { IRQL.lower(to: IRQL.dispatch) }
    #expect(record.code == 0xA)
  }

  @Test("Leaving the kernel at DISPATCH_LEVEL is bug check 0x4A")
  func leaveRaised() throws {
    let kernel = try TestMachine()
    let record = try kernel.bugCheck { IRQL.raise(to: IRQL.dispatch) }
    #expect(record.code == 0x4A)
    #expect(record.parameters.1 == 2)
  }

  @Test("One processor has one thread at DISPATCH_LEVEL", arguments: [1, 2, 4])
  func exclusion(processorCount: Int) throws {
    let kernel = try TestMachine { $0.processorCount = processorCount }
    // Not atomic on purpose, one for each processor: two at once would lose counts.
    let counts = kernel.make(UInt64.self, count: processorCount)
    let inside = kernel.make(UInt32.self, count: processorCount)
    let violations = kernel.make(UInt32.self)
    let tasks = (0..<4).map { _ in
      kernel.start {
        for _ in 0..<2000 {
          IRQL.raise(to: IRQL.dispatch)
          let number = Int(CurrentThread.pointer.pointee.processorNumber)
          if r3_add32(inside + number, 1) != 0 { r3_add32(violations, 1) }
          counts[number] += 1
          r3_add32(inside + number, UInt32.max)
          IRQL.lower(to: IRQL.passive)
        }
      }
    }
    for task in tasks { task.join() }
    #expect(violations.pointee == 0)
    #expect((0..<processorCount).reduce(0) { $0 + counts[$1] } == 8000)
  }

  @Test("A thread that waits for its processor leaves after a bug check")
  func waitForProcessor() throws {
    let kernel = try TestMachine { $0.processorCount = 1 }
    let isRaised = kernel.make(UInt32.self)
    let isCrashing = kernel.make(UInt32.self)
    let first = kernel.start {
      IRQL.raise(to: IRQL.dispatch)
      r3_store32(isRaised, 1)
      while r3_load32(isCrashing) == 0 { r3_pause() }
      usleep(2000)
      Machine.current.bugCheck(0xE2)
    }
    #expect(eventually { r3_load32(isRaised) == 1 })
    let record = try kernel.bugCheck {
      r3_store32(isCrashing, 1)
      IRQL.raise(to: IRQL.dispatch)
    }
    first.join()
    #expect(record.code == 0xE2)
  }
}
