import CDriverKit
import CRing3
import IOManager
import Machine
import NTTypes
import Synchronization

/// A request that was started and goes on while its thread does other things.
///
/// It ends when the driver completes it, when it is cancelled and the driver obeys, or with the
/// kernel. The memory that it uses must live until then; the request keeps ``UserBuffer``s alive.
public final class PendingRequest: @unchecked Sendable, CustomStringConvertible {
  let file: File
  private let buffers: [UserBuffer]
  let progress: UnsafeMutablePointer<RequestProgress>
  private let result = Mutex(Result())
  /// Changes from 0 to 1 when the request has ended; host threads sleep on it.
  private let ended: UnsafeMutablePointer<UInt32>

  private let asked = Mutex(Asked())

  /// What reports say of the request.
  private struct Asked {
    var majorFunction: UInt8 = 0
    var code: UInt32 = 0
    var inputCount = 0
    var outputCount = 0
  }

  private struct Result {
    var outcome: Swift.Result<File.Completion, KernelError>?
    var continuations: [CheckedContinuation<File.Completion, any Error>] = []
  }

  init(file: File, buffers: [UserBuffer]) {
    self.file = file
    self.buffers = buffers
    progress = .allocate(capacity: 1)
    progress.initialize(to: RequestProgress())
    ended = .allocate(capacity: 1)
    ended.initialize(to: 0)
  }

  deinit {
    progress.deallocate()
    ended.deallocate()
  }

  /// What is asked for: `IRP_MJ_READ, 64 bytes`.
  public var description: String {
    let (function, code, first, second) = asked.withLock {
      ($0.majorFunction, $0.code, $0.inputCount, $0.outputCount)
    }
    let name = MajorFunction(rawValue: function).description
    guard function == UInt8(IRP_MJ_DEVICE_CONTROL) else { return "\(name), \(first) bytes" }
    return "\(name) \(IoControlCode(bits: code).explanation), \(first) bytes in, \(second) out"
  }

  /// Whether the request has ended.
  public var isFinished: Bool { r3_load32(ended) != 0 }

  /// Sends the request; `self` stays alive until it ends.
  func start(
    _ call: inout RequestCall, _ entry: @convention(c) (UnsafeMutableRawPointer?) -> UInt64
  ) throws(KernelError) {
    let kernel = file.process.kernel
    let (function, code, first, second) = (
      call.majorFunction, call.code, call.inputCount, call.outputCount
    )
    asked.withLock {
      $0 = Asked(majorFunction: function, code: code, inputCount: first, outputCount: second)
    }
    progress.pointee.context = Unmanaged.passRetained(self).toOpaque()
    progress.pointee.finished = { context in
      guard let context else { return }
      Unmanaged<PendingRequest>.fromOpaque(context).takeUnretainedValue().finish()
    }
    call.progress = progress
    kernel.pending.insert(self)
    if kernel.machine.sendsConcurrently, startInThread(call, entry) { return }
    try send(&call, entry)
  }

  /// Has a thread of its own send the request, and live until the request ends.
  ///
  /// - Returns: false when the host gives no thread.
  private func startInThread(
    _ call: RequestCall, _ entry: @escaping @convention(c) (UnsafeMutableRawPointer?) -> UInt64
  ) -> Bool {
    nonisolated(unsafe) let call = call
    let machine = file.process.kernel.machine
    return machine.startSender(in: file.process.process) { [self] in
      var call = call
      try? send(&call, entry)
      _ = machine.waitOutside(ended, 0, units: nil, "the end of its request")
    }
  }

  private func send(
    _ call: inout RequestCall, _ entry: @convention(c) (UnsafeMutableRawPointer?) -> UInt64
  ) throws(KernelError) {
    let kernel = file.process.kernel
    do {
      try withUnsafeMutablePointer(to: &call) { (call) throws(MachineHalted) in
        _ = try kernel.machine.enter(
          file.process.process, UnsafeMutableRawPointer(call), entry)
      }
    } catch {
      endWithKernel(kernel.halted())
      throw kernel.halted()
    }
    // Refused before there was an IRP: nobody else will end it.
    if !progress.pointee.wasSent {
      end(.success(File.Completion(call)))
      takeContext()?.release()
    }
  }

  /// Runs in the kernel, in the requester's thread, after the data has been copied.
  private func finish() {
    let answer = progress.pointee.answer
    end(
      .success(
        File.Completion(
          status: NTStatus(bits: UInt32(bitPattern: answer.Status)),
          information: Int(truncatingIfNeeded: answer.Information))))
    guard var last = takeContext()?.takeRetainedValue() else { return }
    // The last reference may be the kernel's own: it cannot go from inside.
    if isKnownUniquelyReferenced(&last) { Task.detached { [last] in _ = last } }
  }

  /// The reference that the request itself holds; who takes it lets it go.
  private func takeContext() -> Unmanaged<PendingRequest>? {
    let bits = withUnsafeMutablePointer(to: &progress.pointee.context) { r3_swap64($0, 0) }
    return UnsafeRawPointer(bitPattern: UInt(bits)).map { Unmanaged.fromOpaque($0) }
  }

  /// The kernel will never finish the request.
  func endWithKernel(_ error: KernelError) {
    end(.failure(error))
    takeContext()?.release()
  }

  /// Gives the outcome to everybody who waits; the first one counts.
  func end(_ outcome: Swift.Result<File.Completion, KernelError>) {
    let waiting = result.withLock { result in
      if result.outcome == nil { result.outcome = outcome }
      defer { result.continuations = [] }
      return result.continuations
    }
    r3_store32(ended, 1)
    r3_futex_wake(ended, .max)
    file.process.kernel.pending.remove(self)
    for continuation in waiting { continuation.resume(with: outcome.mapError { $0 }) }
  }

  /// Waits until the request has ended, at most `seconds`.
  ///
  /// - Returns: nil when the time is over and the request is still with the driver.
  public func wait(seconds: Double = .infinity) throws(KernelError) -> File.Completion? {
    let machine = file.process.kernel.machine
    if machine.schedule != nil {
      let units = seconds.isFinite ? UInt64(max(0, min(seconds, 1e9)) * 1e7) : nil
      guard machine.waitOutside(ended, 0, units: units, "the answer to a request") else {
        return nil
      }
      return try answer()
    }
    let clock = ContinuousClock()
    let end = seconds.isFinite ? clock.now + .seconds(seconds) : nil
    while r3_load32(ended) == 0 {
      var nanoseconds: Int64 = -1
      if let end {
        let left = clock.now.duration(to: end)
        if left <= .zero { return nil }
        nanoseconds = Int64(left / .nanoseconds(1))
      }
      _ = r3_futex_wait(ended, 0, nanoseconds)
    }
    return try answer()
  }

  /// The outcome; nil without one.
  private func answer() throws(KernelError) -> File.Completion? {
    if let outcome = result.withLock({ $0.outcome }) { return try outcome.get() }
    let kernel = file.process.kernel
    if kernel.machine.isHalted { throw kernel.halted() }
    return nil
  }

  /// The answer, when it comes.
  ///
  /// Cancelling the Swift task cancels the request.
  public var completion: File.Completion {
    get async throws {
      // Nothing goes on in such a kernel while nobody waits in it.
      if file.process.kernel.machine.schedule != nil, let answer = try wait() { return answer }
      return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          let outcome = result.withLock { result in
            if result.outcome == nil { result.continuations.append(continuation) }
            return result.outcome
          }
          if let outcome { continuation.resume(with: outcome.mapError { $0 }) }
        }
      } onCancel: {
        cancel()
      }
    }
  }

  /// Asks the driver to give the request up; it ends with STATUS_CANCELLED if the driver obeys.
  public func cancel() {
    let machine = file.process.kernel.machine
    if machine.sendsConcurrently {
      machine.yieldOutside("a request that is to be sent") {
        progress.pointee.wasSent || isFinished
      }
    }
    guard !isFinished else { return }
    let owner = Unmanaged.passRetained(self).toOpaque()
    let isSent: Void? = try? machine.inside(file.process.process) {
      machine.io.cancel(progress, owner: owner) {
        Unmanaged<PendingRequest>.fromOpaque($0).release()
      }
    }
    // The machine had ended before: nothing was queued.
    if isSent == nil, machine.isHalted { return }
  }
}

extension File.Completion {
  init(_ call: RequestCall) {
    self.init(
      status: NTStatus(bits: UInt32(bitPattern: call.status)),
      information: Int(bitPattern: call.information))
  }
}

/// The requests of a kernel that have not ended; the kernel ends them when it ends.
final class PendingRequests: Sendable {
  private struct State {
    /// With the number of each in the order in which they came.
    var requests: [ObjectIdentifier: (number: Int, request: PendingRequest)] = [:]
    var count = 0
  }

  private let all = Mutex(State())

  func insert(_ request: PendingRequest) {
    all.withLock {
      $0.count += 1
      $0.requests[ObjectIdentifier(request)] = ($0.count, request)
    }
  }

  func remove(_ request: PendingRequest) {
    _ = all.withLock { $0.requests.removeValue(forKey: ObjectIdentifier(request)) }
  }

  var count: Int { all.withLock { $0.requests.count } }

  /// The oldest first.
  var list: [PendingRequest] {
    all.withLock { $0.requests.values.sorted { $0.number < $1.number }.map(\.request) }
  }

  /// Ends every request with the bug check that ended the machine, when nobody is inside any more.
  func endAll(_ error: KernelError) {
    for request in list { request.endWithKernel(error) }
  }
}
