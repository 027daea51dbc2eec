import CRing3
import Glibc

extension Machine {
  /// Starts the service thread and the watchdog, once.
  ///
  /// Called by what needs them; and by who loads drivers, so that loops at raised level are found.
  package func ensureService() {
    if r3_load32(service.phase) == 2 { return }
    startService()
  }

  @inline(never)
  private func startService() {
    guard r3_cas32(service.phase, 0, 1) else { return }
    HostInterrupt.prepare()
    let code = makeServiceThreads()
    // CRITICAL_SERVICE_FAILED: the host gives no threads.
    if code != 0 { bugCheck(0x5A, UInt64(code)) }
    r3_store32(service.phase, 2)
  }

  private func makeServiceThreads() -> Int32 {
    guard let thread = try? makeThread(in: systemProcess) else { return ENOMEM }
    let argument = UnsafeMutableRawPointer(thread.pointer)
    schedule?.join(thread.pointer, isService: true)
    let code = HostThread.start(&service.pointee.serviceThread, argument) { Service.main($0) }
    if code != 0 { return code }
    return HostThread.start(&service.pointee.watchdogThread, UnsafeMutableRawPointer(state)) {
      Watchdog.main($0)
    }
  }

  /// Ends the two threads and waits for them.
  ///
  /// Called outside the kernel.
  func stopService() {
    if r3_load32(service.phase) == 0 { return }
    service.stop()
    if service.pointee.serviceThread != 0 { pthread_join(service.pointee.serviceThread, nil) }
    if service.pointee.watchdogThread != 0 { pthread_join(service.pointee.watchdogThread, nil) }
  }
}

extension Service {
  fileprivate static func main(_ argument: UnsafeMutableRawPointer) {
    let thread = Thread(argument.assumingMemoryBound(to: ThreadState.self))
    let machine = thread.machine
    thread.pointer.pointee.hostIdentifier = r3_host_thread_identifier()
    r3_bind(thread.block)
    let schedule = machine.schedule
    if schedule?.start(thread.pointer) == false { return r3_bind(nil) }
    while !machine.isHalted {
      let seen = r3_load32(machine.service.word)
      if machine.service.isStopping { break }
      let wait = r3_enter(thread.block, workOnce, UnsafeMutableRawPointer(machine.state))
      if machine.isHalted { break }
      if let schedule {
        schedule.wait(machine.service.word, seen, until: .never, "work")
        continue
      }
      let longest: Int64 = machine.state.pointee.hooks.everySecond == nil ? .max : 1_000_000_000
      let nanoseconds = Int64(bitPattern: wait)
      r3_futex_wait(
        machine.service.word, seen, nanoseconds < 0 ? longest : min(nanoseconds, longest))
    }
    r3_bind(nil)
    schedule?.end(thread.pointer)
  }

  /// Works, and returns how many nanoseconds there is nothing to do.
  private static let workOnce: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { _ in
    let machine = Machine.current
    Service.work(machine)
    machine.service.pointee.tickEverySecond(machine)
    let next = Deadline(time: machine.nextTimerTime)
    return UInt64(bitPattern: machine.nanoseconds(until: next))
  }
}

/// Host threads that the machine makes for itself.
enum HostThread {
  typealias Body = @convention(c) (UnsafeMutableRawPointer) -> Void

  private struct Start {
    let body: Body
    let argument: UnsafeMutableRawPointer
  }

  /// Starts a host thread that nobody joins; returns an error number.
  static func startDetached(_ argument: UnsafeMutableRawPointer, _ body: @escaping Body) -> Int32 {
    var handle: pthread_t = 0
    return start(&handle, argument, isDetached: true, body)
  }

  /// Starts a host thread with a small stack; returns an error number.
  static func start(
    _ handle: inout pthread_t, _ argument: UnsafeMutableRawPointer, isDetached: Bool = false,
    _ body: @escaping Body
  ) -> Int32 {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 256 << 10)
    if isDetached { pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED)) }
    let start = UnsafeMutablePointer<Start>.allocate(capacity: 1)
    start.initialize(to: Start(body: body, argument: argument))
    let code = pthread_create(
      &handle, &attributes,
      { argument in
        guard let argument else { return nil }
        let start = argument.assumingMemoryBound(to: Start.self)
        let (body, inner) = (start.pointee.body, start.pointee.argument)
        start.deallocate()
        body(inner)
        return nil
      }, start)
    if code != 0 { start.deallocate() }
    return code
  }
}

extension Machine {
  /// Makes the service thread look around: what it finds to do it does at PASSIVE_LEVEL.
  package func wakeService() {
    ensureService()
    service.poke()
  }
}
