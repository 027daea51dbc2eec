import CDriverKit
import CRing3
import Machine
import Memory
import Objects

/// The routines of drivers that watch the registry, by falling altitude.
struct RegistryCallbackList {
  /// Most that a machine has.
  static let capacity = 32

  var lock = MachineLock()
  var first: UnsafeMutablePointer<RegistryCallback>?
  var count = 0
  var lastCookie: Int64 = 0
}

/// One registration, in pool.
struct RegistryCallback {
  var next: UnsafeMutablePointer<RegistryCallback>?
  let altitude: Altitude
  let routine: UnsafeMutableRawPointer
  let context: UnsafeMutableRawPointer?
  var cookie: Int64 = 0
  /// Operations under way that are shown to it.
  var callCount = 0
  var isUnregistered = false
  /// Set when the last of them is done, for who unregisters.
  var idle = KEVENT()

  static var tag: UInt32 { 0x6243_6D43 }  // CmCb
}

extension UnsafeMutablePointer<RegistryCallback> {
  var idleEvent: Event {
    Event(
      (UnsafeMutableRawPointer(self) + MemoryLayout<RegistryCallback>.offset(of: \.idle)!)
        .assumingMemoryBound(to: KEVENT.self))
  }
}

/// The callbacks that one operation is shown to, and what each left for its second call.
struct RegistryCalls {
  var callbacks: InlineArray<32, UnsafeMutablePointer<RegistryCallback>?> = .init(repeating: nil)
  var contexts: InlineArray<32, UnsafeMutableRawPointer?> = .init(repeating: nil)
  var count = 0
}

extension Registry {
  private var list: UnsafeMutablePointer<RegistryCallbackList> {
    (UnsafeMutableRawPointer(state) + MemoryLayout<RegistryState>.offset(of: \.callbacks)!)
      .assumingMemoryBound(to: RegistryCallbackList.self)
  }

  var hasCallbacks: Bool { list.pointee.first != nil }

  /// Enters a registration and gives it its cookie.
  func insert(_ callback: UnsafeMutablePointer<RegistryCallback>) -> UInt32 {
    list.pointee.lock.lock()
    defer { list.pointee.lock.unlock() }
    guard list.pointee.count < RegistryCallbackList.capacity else {
      return ServiceStatus.insufficientResources
    }
    let altitude = callback.pointee.altitude
    var previous: UnsafeMutablePointer<RegistryCallback>?
    var next = list.pointee.first
    while let other = next, other.pointee.altitude > altitude {
      previous = other
      next = other.pointee.next
    }
    if let next, next.pointee.altitude == altitude, altitude != .lowest {
      return 0xC01C_0011  // STATUS_FLT_INSTANCE_ALTITUDE_COLLISION
    }
    list.pointee.lastCookie += 1
    list.pointee.count += 1
    callback.pointee.cookie = list.pointee.lastCookie
    callback.pointee.next = next
    if let previous { previous.pointee.next = callback } else { list.pointee.first = callback }
    return ServiceStatus.success
  }

  /// Takes the registration of a cookie out, once operations under way are done; nil for none.
  func remove(_ cookie: Int64) -> UnsafeMutablePointer<RegistryCallback>? {
    list.pointee.lock.lock()
    var previous: UnsafeMutablePointer<RegistryCallback>?
    var found = list.pointee.first
    while let candidate = found, candidate.pointee.cookie != cookie {
      previous = candidate
      found = candidate.pointee.next
    }
    if let found {
      if let previous {
        previous.pointee.next = found.pointee.next
      } else {
        list.pointee.first = found.pointee.next
      }
      list.pointee.count -= 1
      found.pointee.isUnregistered = true
    }
    let isBusy = found.map { $0.pointee.callCount > 0 } ?? false
    list.pointee.lock.unlock()
    if isBusy { found?.idleEvent.wait() }
    return found
  }

  /// Counts an operation with each callback that it is shown to: those below the one that the thread is in.
  func begin(_ calls: inout RegistryCalls) {
    list.pointee.lock.lock()
    let running = CurrentThread.thread.pointer.pointee.registryCallback?
      .assumingMemoryBound(to: RegistryCallback.self)
    var next = running.map { $0.pointee.next } ?? list.pointee.first
    while let callback = next {
      callback.pointee.callCount += 1
      calls.callbacks[calls.count] = callback
      calls.count += 1
      next = callback.pointee.next
    }
    list.pointee.lock.unlock()
  }

  func finish(_ calls: RegistryCalls) {
    for index in 0..<calls.count {
      guard let callback = calls.callbacks[index] else { continue }
      list.pointee.lock.lock()
      callback.pointee.callCount -= 1
      let isIdle = callback.pointee.isUnregistered && callback.pointee.callCount == 0
      list.pointee.lock.unlock()
      if isIdle { callback.idleEvent.set() }
    }
  }
}
