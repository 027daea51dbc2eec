import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// A request for the channel, or for a scatter/gather list, that can wait.
struct DmaRequest {
  /// What is called when it is granted.
  enum Callback {
    /// A driver's AdapterControl routine.
    case channel(UnsafeMutableRawPointer)
    /// A driver's AdapterListControl routine.
    case list(UnsafeMutableRawPointer)
    /// A routine of the system.
    case host(DmaAdapter.ListCallback)
    /// A routine of the system that keeps the map registers.
    case reservation(DmaAdapter.ReservationCallback)
    /// Nobody: the caller waits for the result.
    case none
  }

  let callback: Callback
  let context: UnsafeMutableRawPointer?
  let device: DevicePointer?
  let registers: UnsafeMutablePointer<MapRegisters>
  /// For lists: where the list lies.
  var list: UnsafeMutablePointer<SCATTER_GATHER_LIST>?
  /// For lists: the buffer.
  var buffer: BufferWalk?
  var isWrite = false
  /// What names the request to CancelAdapterChannel.
  var transferContext: UnsafeMutableRawPointer?
  var next: UnsafeMutablePointer<DmaRequest>?

  var wantsChannel: Bool { if case .channel = callback { true } else { false } }
}

/// What became of a request.
enum DmaOutcome {
  case granted, queued, refused
}

extension DmaAdapter {
  /// Grants a request now, or queues it.
  ///
  /// Refused when its registers are more than there are, or when it must not wait; the caller then
  /// frees what it brought.
  func submit(_ request: DmaRequest, mayWait: Bool) -> DmaOutcome {
    let needed = request.registers.pointee.countedCount
    guard needed <= state.pointee.registerCount else { return .refused }
    var waiting: UnsafeMutablePointer<DmaRequest>?
    if mayWait {
      waiting = .allocate(capacity: 1)
      waiting?.initialize(to: request)
    }
    state.pointee.lock.lockStaying()
    let isFree = state.pointee.firstRequest == nil && canGrant(request)
    if isFree {
      take(request)
    } else if let waiting {
      append(waiting)
    }
    state.pointee.lock.unlock()
    if isFree { waiting?.deallocate() }
    return isFree ? .granted : mayWait ? .queued : .refused
  }

  /// Under the lock.
  private func canGrant(_ request: DmaRequest) -> Bool {
    if request.wantsChannel, state.pointee.isChannelBusy { return false }
    return request.registers.pointee.countedCount <= state.pointee.freeCount
  }

  /// Under the lock.
  private func take(_ request: DmaRequest) {
    state.pointee.freeCount -= request.registers.pointee.countedCount
    guard request.wantsChannel else { return }
    state.pointee.isChannelBusy = true
    state.pointee.channel = request.registers
  }

  /// Under the lock.
  private func append(_ request: UnsafeMutablePointer<DmaRequest>) {
    if let last = state.pointee.lastRequest {
      last.pointee.next = request
    } else {
      state.pointee.firstRequest = request
    }
    state.pointee.lastRequest = request
  }

  /// Starts what waits and can go on now, in order; at DISPATCH_LEVEL.
  ///
  /// A routine that gives its registers back at once lets the loop of the outermost call go on, so
  /// that the stack does not grow.
  func startWaiting() {
    while true {
      state.pointee.lock.lockStaying()
      guard !state.pointee.isStarting, let first = state.pointee.firstRequest,
        canGrant(first.pointee)
      else {
        state.pointee.lock.unlock()
        return
      }
      state.pointee.firstRequest = first.pointee.next
      if first.pointee.next == nil { state.pointee.lastRequest = nil }
      take(first.pointee)
      state.pointee.isStarting = true
      state.pointee.lock.unlock()
      let request = first.pointee
      first.deallocate()
      run(request)
      state.pointee.lock.lockStaying()
      state.pointee.isStarting = false
      state.pointee.lock.unlock()
    }
  }

  /// Takes a waiting request out of the queue: `CancelAdapterChannel`; false when none has the context.
  package func cancel(_ transferContext: UnsafeMutableRawPointer) -> Bool {
    state.pointee.lock.lockStaying()
    var before: UnsafeMutablePointer<DmaRequest>?
    var next = state.pointee.firstRequest
    while let request = next, request.pointee.transferContext != transferContext {
      before = request
      next = request.pointee.next
    }
    if let request = next {
      if let before {
        before.pointee.next = request.pointee.next
      } else {
        state.pointee.firstRequest = request.pointee.next
      }
      if state.pointee.lastRequest == request { state.pointee.lastRequest = before }
    }
    state.pointee.lock.unlock()
    guard let next else { return false }
    freeRegisters(next.pointee.registers, wereCounted: false)
    if let list = next.pointee.list { Self.freeList(list) }
    next.deallocate()
    // Those behind it may fit.
    IRQL.atDispatch { startWaiting() }
    return true
  }

  /// Calls what a granted request is for, at DISPATCH_LEVEL.
  func run(_ request: DmaRequest) {
    let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    switch request.callback {
    case .channel(let routine): runChannel(request, routine)
    case .list(let routine):
      let list = fill(request)
      _ = r3_call4(
        routine, bits(request.device), bits(request.currentIrp), bits(list), bits(request.context))
    case .host(let routine):
      routine(fill(request), request.context)
    case .reservation(let routine):
      routine(UnsafeMutableRawPointer(request.registers), request.context)
    case .none: break
    }
    IRQL.lower(to: old)
  }
}

extension DmaRequest {
  /// What the driver's routine gets as the IRP.
  var currentIrp: UnsafeMutableRawPointer? { device?.pointee.CurrentIrp.map { .init($0) } }
}
