import CDriverKit
import CRing3
import Machine
import MachineTestSupport
import Testing

@Suite("Watchdog")
struct WatchdogTests {
  @Test("Driver code that loops at DISPATCH_LEVEL is bug check 0x133")
  func loop() throws {
    let kernel = try TestMachine { $0.raisedLevelSeconds = 0.05 }
    let log = kernel.makeLog()
    let record = try kernel.bugCheck {
      Machine.current.ensureService()
      IRQL.raise(to: IRQL.dispatch)
      _ = r3_call1(test_loop(), UInt64(UInt(bitPattern: log)))
    }
    #expect(record.code == 0x133)
    #expect(record.irql == IRQL.dispatch)
  }

  @Test("A DPC that loops on the service thread is bug check 0x133")
  func dpc() throws {
    let kernel = try TestMachine {
      $0.raisedLevelSeconds = 0.05
      $0.processorCount = 2
    }
    let (log, dpc) = (kernel.makeLog(), kernel.make(KDPC.self))
    let event = kernel.makeEvent(.notification)
    // The routine's first argument is the DPC: its context is not what it looks at.
    let loop: DPC.Routine = { dpc in
      _ = r3_call1(test_loop(), UInt64(UInt(bitPattern: dpc.pointee.DeferredContext)))
    }
    DPC.initialize(dpc, host: loop, log)
    let record = try kernel.bugCheck {
      dpc.pointee.Number = 0x500
      if CurrentThread.pointer.pointee.processorNumber == 0 { dpc.pointee.Number = 0x501 }
      DPC.insert(dpc)
      event.wait()
    }
    #expect(record.code == 0x133)
    #expect(record.parameters.0 == 0)
  }

  @Test("After a bug check, threads in driver code are driven out")
  func driveOut() throws {
    let kernel = try TestMachine()
    let log = kernel.makeLog()
    let inside = kernel.make(UInt32.self)
    let tasks = (0..<3).map { _ in
      kernel.start {
        Machine.current.ensureService()
        r3_add32(inside, 1)
        _ = r3_call1(test_loop(), UInt64(UInt(bitPattern: log)))
      }
    }
    #expect(eventually { r3_load32(inside) == 3 })
    #expect(try kernel.bugCheck { Machine.current.bugCheck(0xE2) }.code == 0xE2)
    for task in tasks { task.join() }
    #expect(!kernel.machine.hasThreadInside)
  }
}
