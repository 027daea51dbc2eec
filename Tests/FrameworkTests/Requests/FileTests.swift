import IOManager
import Machine
import Ring3
import TestSupport
import Testing

/// Files and control devices.
@Suite struct FileTests {
  private func buffer(_ bench: QueueBench) throws -> UserBuffer {
    try #require(UserBuffer(bench.process, count: 1))
  }

  @Test("A driver is told of each open, and of its cleanup and close, in this order")
  func order() throws {
    let bench = try QueueBench()
    let device = try bench.make(.files)
    let file = try device.open()
    #expect(
      try bench.log() == [
        .init(kind: .create, value: UInt64(bench.process.identifier)),
        .init(kind: .value, value: 1), .init(kind: .value, value: 1),
      ])
    try file.close()
    #expect(try bench.log().map(\.kind) == [.cleanup, .close, .fileCleanup])
  }

  @Test("The driver may refuse an open; its file object goes then")
  func refused() throws {
    let bench = try QueueBench(verifies: true)
    let device = try bench.make(.files)
    try device.plan(.complete, extra: 0xC000_0022)
    let error = #expect(throws: KernelError.self) { try device.open() }
    #expect(error?.status?.bits == 0xC000_0022)
    #expect(try bench.log().map(\.kind) == [.create, .value, .value, .fileCleanup])
    // Deleted by its driver, the device goes at once: there is no open handle.
    try device.delete()
    #expect(throws: KernelError.self) { try device.open() }
    try bench.control.close()
    try bench.driver.unload()
    #expect(bench.kernel.bugCheck == nil)
  }

  @Test("What waits for a file is cancelled when its last handle is closed")
  func cancelAtCleanup() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 3, .files)
    let file = try device.open()
    let other = try device.open()
    let waiting = try file.startRead(into: buffer(bench))
    let others = try other.startRead(into: buffer(bench))
    _ = try bench.log()
    try file.close()
    #expect(try waiting.wait()?.status == .cancelled)
    #expect(try bench.log().map(\.kind) == [.cleanup, .close, .fileCleanup])
    #expect(!others.isFinished)
    #expect(try device.fetch()[0] == 0)
    try device.kept(0, .complete)
    #expect(try others.wait()?.status == .success)
  }

  @Test("REQ-08: requests are fetched by their file")
  func fetchByFile() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 3, .files)
    let files = [try device.open(), try device.open()]
    let requests = try [0, 1, 0].map { try files[$0].startRead(into: buffer(bench)) }
    #expect(try device.fetch()[0] == 0)
    // By the file of the first one that was fetched: the third.
    #expect(try device.fetch(1, 0, 0)[0] == 0)
    #expect(try device.fetch(1, 0, 0)[0] == 0x8000_001A)
    try device.kept(1, .complete, 0, 1)
    #expect(try requests[2].wait()?.information == 1)
    #expect(!requests[1].isFinished)
    try device.kept(0, .complete)
    #expect(try device.fetch()[0] == 0)
    try device.kept(2, .complete)
    #expect(try requests[1].wait() != nil)
  }

  @Test("Opens go to the queue that takes them, before EvtDeviceFileCreate")
  func createQueue() throws {
    let bench = try QueueBench()
    let device = try bench.make([.files, .createQueue])
    let file = try device.open()
    #expect(try bench.log() == [.init(kind: .byDefault, value: 0)])
    try file.close()
  }

  @Test("An exclusive device has one handle")
  func exclusive() throws {
    let bench = try QueueBench()
    let device = try bench.make(.exclusive)
    let file = try device.open()
    let error = #expect(throws: KernelError.self) { try device.open() }
    #expect(error?.status?.bits == 0xC000_0022)
    try file.close()
    _ = try device.open()
  }

  @Test("A control device that is deleted is opened no more, and goes with its last handle")
  func deletion() throws {
    let bench = try QueueBench()
    let device = try bench.make(.files)
    let file = try device.open()
    _ = try bench.log()
    try device.delete()
    #expect(throws: KernelError.self) { try device.open() }
    // The open handle works on.
    try device.plan(.complete, information: 1)
    #expect(try file.read(count: 1).count == 1)
    try file.close()
    #expect(try bench.log().suffix(3).map(\.kind) == [.cleanup, .close, .fileCleanup])
    #expect(bench.kernel.bugCheck == nil)
  }

  @Test("A control device is told when the system goes down, also last")
  func shutdown() throws {
    let bench = try QueueBench()
    _ = try bench.make(.shutdown)
    _ = try bench.make()
    let machine = bench.kernel.machine
    try machine.inside(machine.systemProcess) { machine.io.shutDown() }
    #expect(try bench.log(.shutdown).count == 2)
  }

  @Test("A control device that is deleted is told nothing")
  func shutdownAfterDeletion() throws {
    let bench = try QueueBench()
    try bench.make(.shutdown).delete()
    let machine = bench.kernel.machine
    try machine.inside(machine.systemProcess) { machine.io.shutDown() }
    #expect(try bench.log(.shutdown).isEmpty)
  }

  @Test("Several control devices live side by side")
  func several() throws {
    let bench = try QueueBench()
    let devices = try (0..<3).map { _ in try bench.make() }
    for (index, device) in devices.enumerated() {
      try device.plan(.complete, information: UInt64(index))
    }
    for (index, device) in devices.enumerated() {
      #expect(try device.open().read(count: 8).count == index)
    }
  }

  @Test("A dispatch callback sees an IRP before its queue is chosen, and may choose another")
  func dispatchCallback() throws {
    let bench = try QueueBench()
    let device = try bench.make(.dispatch)
    let file = try device.open()
    _ = try file.read(count: 2)
    #expect(
      try bench.log() == [.init(kind: .dispatch, value: 0x5503), .init(kind: .read, value: 2)])
    try device.plan(.complete, extra: 1)
    let request = try file.startRead(into: buffer(bench))
    #expect(try device.queue(.state, 1).waiting == 1)
    request.cancel()
    #expect(try request.wait()?.status == .cancelled)
  }

  @Test("A preprocessing callback sees an IRP first and gives it back")
  func preprocess() throws {
    let bench = try QueueBench()
    let device = try bench.make(.preprocess)
    let file = try device.open()
    _ = try file.read(count: 2)
    #expect(try bench.log() == [.init(kind: .preprocess, value: 3), .init(kind: .read, value: 2)])
  }
}
