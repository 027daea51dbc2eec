import CRing3
import Framework
import Glibc
import Machine
import NTTypes

/// A thread of a driver and what wakes it; hangs on its WDFOBJECT, and is held by the thread itself.
final class ThreadBox: @unchecked Sendable {
  private let body: @Sendable (RunningThread) -> Void
  /// A pipe: there is something to read when the thread is to look around.
  private let signal: (reading: Int32, writing: Int32)
  /// 1 when the thread is to end; an atomic word.
  private let stopWord = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
  /// Set before anybody can stop it.
  private var thread: Thread?

  init(_ body: @escaping @Sendable (RunningThread) -> Void) throws(NTStatus) {
    self.body = body
    stopWord.initialize(to: 0)
    var ends: [Int32] = [-1, -1]
    let isMade = pipe(&ends) == 0
    signal = (ends[0], ends[1])
    if !isMade { throw .insufficientResources }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
  }

  deinit {
    if signal.reading >= 0 { close(signal.reading) }
    if signal.writing >= 0 { close(signal.writing) }
    stopWord.deallocate()
  }

  /// Whether the thread is to end: it was told to, or its machine ends.
  var isStopping: Bool { r3_load32(stopWord) != 0 || Machine.current.isHalted }

  func start() throws(NTStatus) {
    let reference = Unmanaged.passRetained(self)
    do {
      thread = try Machine.current.startSystemThread(host: Self.main, reference.toOpaque())
    } catch {
      reference.release()
      throw .insufficientResources
    }
  }

  /// Runs the body as a call of the driver: what stops there is the driver's mistake.
  private static let main: Machine.ThreadRoutine = { context in
    _ = r3_call1(DriverEntries.thread.address, UInt64(UInt(bitPattern: context)))
  }

  static let entry: @convention(c) (UnsafeMutableRawPointer) -> Void = { context in
    let state = Unmanaged<ThreadBox>.fromOpaque(context).takeRetainedValue()
    state.body(RunningThread(state))
  }

  func wake() {
    var byte: UInt8 = 1
    // It fails only when the pipe is full: then there is something to read.
    _ = write(signal.writing, &byte, 1)
  }

  /// What becomes readable with ``wake()``.
  var wakeDescriptor: Int32 { signal.reading }

  /// Forgets all calls of ``wake()``.
  func acknowledgeWake() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(signal.reading, &bytes, bytes.count) == bytes.count {}
  }

  /// Tells the thread to end and waits for that; at PASSIVE_LEVEL.
  func stop() {
    r3_store32(stopWord, 1)
    wake()
    guard let thread else { return }
    CurrentThread.enterCriticalRegion()
    _ = Wait.forObject(UnsafeMutableRawPointer(thread.pointer))
    CurrentThread.leaveCriticalRegion()
  }
}
