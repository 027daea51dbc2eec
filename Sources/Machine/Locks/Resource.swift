import CDriverKit
import CRing3
import Glibc

/// An ERESOURCE: shared or exclusive, recursive, with owners by thread.
///
/// All fields change under ``ResourceRegistry/lock``. Who waits gets the resource from who releases it.
package struct Resource {
  package let pointer: UnsafeMutablePointer<ERESOURCE>

  @inlinable package init(_ pointer: UnsafeMutablePointer<ERESOURCE>) { self.pointer = pointer }

  /// How a shared acquisition treats threads that wait for exclusive access.
  package enum Sharing {
    /// After them, unless the thread has the resource already.
    case fair
    /// Before them.
    case starveExclusive
    /// After them in any case.
    case waitForExclusive
  }

  /// A thread that waits, on its own stack.
  struct Waiter {
    let owner: UInt64
    var event = KEVENT()
    var next: UnsafeMutablePointer<Waiter>?
  }

  private static let ownedExclusive: UInt16 = 0x80

  private func withLock<R>(_ body: () -> R) -> R {
    let state = Machine.current.state
    state.pointee.dispatcher.resources.lock.lock()
    let result = body()
    state.pointee.dispatcher.resources.lock.unlock()
    return result
  }

  private static var me: UInt64 { bits(CurrentThread.thread.pointer) }

  // MARK: Making

  package func initialize() {
    pointer.pointee = ERESOURCE()
    Machine.current.state.pointee.dispatcher.resources.add(pointer)
  }

  /// Ends the resource; one that was not initialized is a rule of the verifier.
  package func delete() {
    let machine = Machine.current
    if !machine.state.pointee.dispatcher.resources.remove(pointer) {
      machine.bugCheck(0xC4, 0xD1, bits(pointer))
    }
    owners.free()
  }

  package func reinitialize() {
    owners.free()
    pointer.pointee = ERESOURCE()
  }

  // MARK: State

  private var owners: ResourceOwners { ResourceOwners(pointer) }

  var isOwnedExclusive: Bool { pointer.pointee.Flag & Self.ownedExclusive != 0 }

  private var isFree: Bool { pointer.pointee.ActiveEntries == 0 }

  private func own(_ owner: UInt64, isExclusive: Bool) {
    if isExclusive {
      pointer.pointee.Flag |= Self.ownedExclusive
      pointer.pointee.OwnerEntry.OwnerThread = owner
      owners.exclusiveCount = 1
    } else {
      owners.add(owner, 1)
    }
    setActive(pointer.pointee.ActiveEntries + 1)
  }

  private func setActive(_ count: UInt32) {
    pointer.pointee.ActiveEntries = count
    pointer.pointee.ActiveCount = Int16(truncatingIfNeeded: count)
  }

  /// How often `owner` has the resource, either way.
  package func count(of owner: UInt64) -> UInt32 {
    if isOwnedExclusive {
      return pointer.pointee.OwnerEntry.OwnerThread == owner ? owners.exclusiveCount : 0
    }
    return owners.count(of: owner)
  }

  package var isAcquiredExclusive: Bool {
    isOwnedExclusive && pointer.pointee.OwnerEntry.OwnerThread == Self.me
  }

  package var acquiredCount: UInt32 { withLock { count(of: Self.me) } }

  // MARK: Acquiring

  /// Takes the resource for the thread alone; false when that would need a wait that is not wanted.
  package func acquireExclusive(canWait: Bool = true) -> Bool {
    acquire(canWait, isExclusive: true) {
      if isFree {
        own(Self.me, isExclusive: true)
      } else if isAcquiredExclusive {
        owners.exclusiveCount += 1
      } else {
        return false
      }
      return true
    }
  }

  /// Takes the resource together with other readers.
  package func acquireShared(canWait: Bool = true, _ sharing: Sharing = .fair) -> Bool {
    acquire(canWait, isExclusive: false) {
      if isAcquiredExclusive {
        owners.exclusiveCount += 1
        return true
      }
      let isMine = count(of: Self.me) != 0
      let isAwaited = pointer.pointee.NumberOfExclusiveWaiters != 0
      let mustWait =
        switch sharing {
        case .fair: isAwaited && !isMine
        case .starveExclusive: false
        case .waitForExclusive: isAwaited
        }
      if isOwnedExclusive || mustWait { return false }
      if isMine { owners.add(Self.me, 1) } else { own(Self.me, isExclusive: false) }
      return true
    }
  }

  private func acquire(_ canWait: Bool, isExclusive: Bool, _ take: () -> Bool) -> Bool {
    let state = Machine.current.state
    var waiter = Waiter(owner: Self.me)
    return withUnsafeMutablePointer(to: &waiter) { waiter in
      state.pointee.dispatcher.resources.lock.lock()
      let isTaken = take()
      if !isTaken, canWait { enqueue(waiter, isExclusive: isExclusive) }
      state.pointee.dispatcher.resources.lock.unlock()
      if !isTaken, canWait { waiter.event.wait() }
      return isTaken || canWait
    }
  }

  // MARK: Releasing

  /// Releases once for `owner`; who does not have it is bug check RESOURCE_NOT_OWNED.
  package func release(for owner: UInt64) {
    let state = Machine.current.state
    state.pointee.dispatcher.resources.lock.lock()
    let isOwner = count(of: owner) != 0
    if isOwner { releaseOwned(owner) }
    state.pointee.dispatcher.resources.lock.unlock()
    if !isOwner {
      Machine.current.bugCheck(0xE3, bits(pointer), owner, bits(pointer.pointee.OwnerTable), 1)
    }
  }

  package func release() { release(for: Self.me) }

  private func releaseOwned(_ owner: UInt64) {
    if isOwnedExclusive {
      owners.exclusiveCount -= 1
      if owners.exclusiveCount != 0 { return }
      pointer.pointee.Flag &= ~Self.ownedExclusive
      pointer.pointee.OwnerEntry.OwnerThread = 0
      setActive(0)
      if !grantShared() { grantExclusive() }
    } else {
      owners.remove(owner, 1)
      if owners.count(of: owner) != 0 { return }
      setActive(pointer.pointee.ActiveEntries - 1)
      if isFree, !grantExclusive() { grantShared() }
    }
  }

  /// The exclusive owner becomes one of the shared owners.
  package func convertToShared() {
    withLock {
      let (owner, count) = (pointer.pointee.OwnerEntry.OwnerThread, owners.exclusiveCount)
      pointer.pointee.Flag &= ~Self.ownedExclusive
      pointer.pointee.OwnerEntry.OwnerThread = 0
      owners.exclusiveCount = 0
      owners.add(owner, count)
      grantShared()
    }
  }

  /// Puts another owner in the place of the current thread.
  package func setOwner(_ owner: UInt64) {
    withLock {
      if isOwnedExclusive {
        pointer.pointee.OwnerEntry.OwnerThread = owner
      } else {
        let count = owners.count(of: Self.me)
        let isMerged = owners.count(of: owner) != 0
        owners.remove(Self.me, count)
        owners.add(owner, count)
        if isMerged { setActive(pointer.pointee.ActiveEntries - 1) }
      }
    }
  }
}

// MARK: Waiters

extension Resource {
  private func enqueue(_ waiter: UnsafeMutablePointer<Waiter>, isExclusive: Bool) {
    waiter.event.initialize(.synchronization, isSet: false)
    pointer.pointee.ContentionCount += 1
    if isExclusive {
      pointer.pointee.NumberOfExclusiveWaiters += 1
      pointer.pointee.ExclusiveWaiters = Self.append(pointer.pointee.ExclusiveWaiters, waiter)
    } else {
      pointer.pointee.NumberOfSharedWaiters += 1
      pointer.pointee.SharedWaiters = Self.append(pointer.pointee.SharedWaiters, waiter)
    }
  }

  private static func append(
    _ first: UnsafeMutableRawPointer?, _ waiter: UnsafeMutablePointer<Waiter>
  ) -> UnsafeMutableRawPointer {
    guard let first else { return UnsafeMutableRawPointer(waiter) }
    var last = first.assumingMemoryBound(to: Waiter.self)
    while let next = last.pointee.next { last = next }
    last.pointee.next = waiter
    return first
  }

  @discardableResult
  private func grantExclusive() -> Bool {
    guard let first = pointer.pointee.ExclusiveWaiters else { return false }
    let waiter = first.assumingMemoryBound(to: Waiter.self)
    pointer.pointee.ExclusiveWaiters = UnsafeMutableRawPointer(waiter.pointee.next)
    pointer.pointee.NumberOfExclusiveWaiters -= 1
    own(waiter.pointee.owner, isExclusive: true)
    waiter.event.set()
    return true
  }

  @discardableResult
  private func grantShared() -> Bool {
    var next = pointer.pointee.SharedWaiters?.assumingMemoryBound(to: Waiter.self)
    if next == nil { return false }
    pointer.pointee.SharedWaiters = nil
    pointer.pointee.NumberOfSharedWaiters = 0
    while let waiter = next {
      next = waiter.pointee.next
      own(waiter.pointee.owner, isExclusive: false)
      waiter.event.set()
    }
    return true
  }
}

extension UnsafeMutablePointer where Pointee == Resource.Waiter {
  var event: Event {
    Event(
      (UnsafeMutableRawPointer(self) + MemoryLayout<Resource.Waiter>.offset(of: \.event)!)
        .assumingMemoryBound(to: KEVENT.self))
  }
}
