import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// The timer of a request that is sent with a timeout; pool of its own, freed with the request.
struct SendTimer {
  var timer = KTIMER()
  var dpc = KDPC()
}

/// Runs at DISPATCH_LEVEL when the time of a request is up.
private let timeIsUp: DPC.Routine = { dpc in
  guard let context = dpc.pointee.DeferredContext else { return }
  let framework = Framework.current
  let request = context.assumingMemoryBound(to: RequestBody.self)
  framework.expire(request)
  framework.dropHold(request)
}

extension Framework {
  /// Makes the timer of a request that has none; false without memory.
  func allocateTimer(_ request: UnsafeMutablePointer<RequestBody>) -> Bool {
    if request.pointee.send.timer != nil { return true }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<SendTimer>.size, kind: .nonpaged,
        tag: request.pointee.head.globals.pointee.visible.DriverTag)
    else { return false }
    let timer = block.bindMemory(to: SendTimer.self, capacity: 1)
    timer.initialize(to: SendTimer())
    KernelTimer(timer.timer).initialize(isSynchronization: false)
    DPC.initialize(timer.dpc, host: timeIsUp, UnsafeMutableRawPointer(request))
    request.pointee.send.timer = timer
    return true
  }

  func startTimer(_ request: UnsafeMutablePointer<RequestBody>, _ timeout: Int64) {
    guard let timer = request.pointee.send.timer else { return }
    KernelTimer(timer.timer).set(due: timeout, timer.dpc)
  }

  /// Stops the timer; false when it has run out.
  func stopTimer(_ request: UnsafeMutablePointer<RequestBody>) -> Bool {
    guard let timer = request.pointee.send.timer else { return false }
    return KernelTimer(timer.timer).cancel()
  }

  func freeTimer(_ request: UnsafeMutablePointer<RequestBody>) {
    guard let timer = request.pointee.send.timer else { return }
    request.pointee.send.timer = nil
    machine.pool.free(UnsafeMutableRawPointer(timer))
  }

  /// Cancels a sent request whose time is up: if it comes back cancelled, its status is that of a timeout.
  func expire(_ request: UnsafeMutablePointer<RequestBody>) {
    guard takeHold(request) else { return }
    let send = request.sendAddress
    let isOut = send.pointee.target?.withLock {
      guard !send.pointee.flags.contains(.cameBack) else { return false }
      send.pointee.flags.insert(.isExpired)
      return true
    }
    send.pointee.isCancelled = true
    if isOut == true { _ = machine.io.cancelIRP(request.packet) }
    dropHold(request)
  }
}

extension UnsafeMutablePointer where Pointee == SendTimer {
  var timer: UnsafeMutablePointer<KTIMER> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: KTIMER.self)
  }

  var dpc: UnsafeMutablePointer<KDPC> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<SendTimer>.offset(of: \.dpc).unsafelyUnwrapped)
      .assumingMemoryBound(to: KDPC.self)
  }
}
