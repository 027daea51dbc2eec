import Machine
import Ring3
import TestSupport
import Testing

@testable import Framework

/// What Plug and Play and power do with queues.
@Suite struct QueuePowerTests {
  private func buffer(_ bench: QueueBench) throws -> UserBuffer {
    try #require(UserBuffer(bench.process, count: 1))
  }

  /// Runs `body` in the kernel with the default queue of a device.
  private func inKernel(
    _ device: BenchDevice, _ body: (Framework, UnsafeMutablePointer<QueueBody>) -> Void
  ) throws {
    let handle = try device.queue(.state).handle
    let machine = device.bench.kernel.machine
    try machine.inside(machine.systemProcess) {
      let framework = machine.framework
      body(framework, framework.queue(handle))
    }
  }

  private func hold(_ device: BenchDevice) throws {
    try inKernel(device) { framework, queue in framework.hold(queue) }
  }

  private func release(_ device: BenchDevice) throws {
    try inKernel(device) { framework, queue in framework.release(queue) }
  }

  @Test("A held queue presents nothing, and says so")
  func held() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try hold(device)
    // WdfIoQueuePnpHeld
    #expect(try device.queue(.state).state == 0x1F)
    let request = try file.startRead(into: buffer(bench))
    #expect(try bench.log().isEmpty)
    try device.queue(.start)
    #expect(!request.isFinished)
    #expect(try device.fetch()[0] == 0xC020_0203)
    try release(device)
    #expect(try request.wait()?.status == .success)
  }

  @Test("A driver is told again of requests that wait in a manual queue when it presents again")
  func readyAgain() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 3)
    let file = try device.open()
    #expect(try device.queue(.notify, context: 6).status == 0)
    let request = try file.startRead(into: buffer(bench))
    #expect(try bench.log(.ready) == [6])
    try hold(device)
    #expect(try device.fetch()[0] == 0xC020_0203)
    try release(device)
    #expect(try bench.log(.ready) == [6])
    #expect(try device.fetch()[0] == 0)
    try device.kept(0, .complete)
    #expect(try request.wait() != nil)
    try hold(device)
    try release(device)
    #expect(try bench.log(.ready).isEmpty)
  }

  @Test("EvtIoStop and EvtIoResume are called for what the driver has")
  func stopAndResume() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 2, limit: 8)
    let file = try device.open()
    try device.plan(.keep)
    let first = try file.startRead(into: buffer(bench))
    try device.plan(.keepCancelable)
    let second = try file.startRead(into: buffer(bench))
    _ = try bench.log()
    try hold(device)
    // WdfRequestStopActionSuspend, and WdfRequestStopRequestCancelable for the marked one.
    #expect(try bench.log(.stop).sorted() == [1, 0x1000_0001])
    try release(device)
    #expect(try bench.log(.resume).count == 2)
    try device.kept(0, .complete)
    #expect(try first.wait() != nil)
    second.cancel()
    #expect(try second.wait()?.status == .cancelled)
  }

  @Test("A request that the driver gives back as it stops is presented again")
  func requeue() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keep, extra: 1)
    let request = try file.startRead(into: buffer(bench))
    try hold(device)
    #expect(try device.queue(.state).waiting == 1)
    try device.plan(.complete)
    try release(device)
    #expect(try request.wait()?.status == .success)
    #expect(try bench.log().map(\.kind) == [.read, .stop, .read])
  }

  @Test("The driver may complete a request as it stops")
  func completeAtStop() throws {
    let bench = try QueueBench()
    let device = try bench.make()
    let file = try device.open()
    try device.plan(.keep, extra: 2)
    let request = try file.startRead(into: buffer(bench))
    try hold(device)
    #expect(try request.wait()?.status.bits == 0xC000_0001)
    try release(device)
  }

  @Test("Queues of a device that is removed are purged, and its driver ends what it has")
  func removal() throws {
    let bench = try QueueBench()
    let device = try bench.make(dispatch: 2, limit: 1)
    let file = try device.open()
    try device.plan(.keep, extra: 2)
    let requests = try (1...2).map { _ in try file.startRead(into: buffer(bench)) }
    try inKernel(device) { framework, queue in
      framework.purgeQueues(of: queue.pointee.device, powerManaged: false)
    }
    #expect(try requests[0].wait()?.status.bits == 0xC000_0001)
    #expect(try requests[1].wait()?.status == .cancelled)
    // WdfRequestStopActionPurge
    #expect(try bench.log(.stop) == [2])
    // WdfIoQueueStart does not open it.
    try device.queue(.start)
    #expect(try file.read(at: 0, count: 0).status.bits == 0xC000_0184)
    try inKernel(device) { framework, queue in
      framework.reopenQueues(of: queue.pointee.device)
    }
    try device.plan(.complete)
    #expect(try file.read(count: 1).isEmpty)
  }
}
