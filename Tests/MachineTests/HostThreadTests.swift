import CRing3
import Glibc
import Machine
import Testing

@Suite("Host threads of the program")
struct HostThreadTests {
  /// What a test's host threads hand each other.
  private final class Shared: @unchecked Sendable {
    var machine: TestMachine?
    var bound: UInt = 0
    var isStillBound = false
    var blocks: [UInt] = []
  }

  @Test(
    "a machine's own threads never get the block that the host thread which starts them is bound to"
  )
  func ownThreads() throws {
    let first = Shared()
    let second = Shared()
    first.machine = try TestMachine()
    HostTask {
      // Bound to a block of a machine that another host thread ends.
      try? first.machine?.run {}
      second.bound = UInt(bitPattern: r3_current())
      HostTask {
        first.machine = nil
        second.machine = try? TestMachine()
      }.join()
      guard let machine = second.machine?.machine else { return }
      second.isStillBound = UInt(bitPattern: r3_current()) == second.bound
      machine.ensureService()
      _ = try? second.machine?.run {}
      var next = machine.state.pointee.threads.first
      while let thread = next {
        // This host thread itself may have it again; nobody else.
        if !thread.pointee.isHostThread {
          second.blocks.append(UInt(bitPattern: thread.pointee.block))
        }
        next = thread.pointee.next
      }
    }.join()
    #expect(second.isStillBound)
    #expect(!second.blocks.contains(second.bound))
    #expect(second.blocks.count == 1)
  }

  @Test("a thread ends with its host thread, and who waits for it goes on")
  func threadEnds() throws {
    let machine = try TestMachine()
    let ended = Shared()
    HostTask {
      _ = try? machine.run { ended.bound = UInt(bitPattern: CurrentThread.thread.pointer) }
    }.join()
    let thread = try #require(UnsafeMutableRawPointer(bitPattern: ended.bound))
    let status = try machine.run { Wait.forObject(thread) }
    #expect(status == 0)
  }
}
