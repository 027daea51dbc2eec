import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import PlugAndPlay

/// A WDFCHILDLIST, or the list of the children that WdfFdoAddStaticChild adds.
///
/// Callbacks that compare and copy descriptions run at DISPATCH_LEVEL, under the list's spin lock.
package struct ChildListBody {
  var head: ObjectHead
  let device: UnsafeMutablePointer<DeviceBody>
  let config: WDF_CHILD_LIST_CONFIG
  let isStatic: Bool
  /// The device's next list.
  var next: UnsafeMutablePointer<ChildListBody>?
  /// A spin lock that guards what follows.
  var spinLock: UInt64 = 0
  var first: UnsafeMutablePointer<ChildEntry>?
  var last: UnsafeMutablePointer<ChildEntry>?
  var nextNumber: UInt64 = 1
  /// Scans and iterations that are under way: changes wait for their end.
  var scanCount: UInt32 = 0
  var isEnumerating = false
}

/// A child in a list, by what identifies it; its descriptions lie behind, in the same block.
struct ChildEntry {
  var next: UnsafeMutablePointer<ChildEntry>?
  /// Grows from entry to entry, so that an iteration finds its place again.
  let number: UInt64
  var state = ChildState.pending
  /// Seen in the scan that is under way.
  var isFound = true
  /// To be marked as missing, to be made anew: when no scan is under way any more.
  var isLeaving = false
  var isRenewed = false
  /// Whether the Plug and Play manager knows of it.
  var isReported = false
  var needsMissingCallback = false
  var pdo: UnsafeMutablePointer<DeviceBody>?

  var isPresent: Bool { state == .present }
}

enum ChildState: UInt8 {
  /// Added during a scan or an enumeration.
  case pending
  case present
  /// Not there any more; the Plug and Play manager learns of it at its next question.
  case missing
  case reportedMissing
}

extension UnsafeMutablePointer where Pointee == ChildListBody {
  /// Runs `body` at DISPATCH_LEVEL under the lock.
  func withLock<R>(_ body: () -> R) -> R {
    let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    let lock = SpinLock(
      (UnsafeMutableRawPointer(self)
        + MemoryLayout<ChildListBody>.offset(of: \.spinLock).unsafelyUnwrapped)
        .assumingMemoryBound(to: UInt64.self))
    lock.acquire()
    let result = body()
    lock.release()
    IRQL.lower(to: old)
    return result
  }

  var isLocked: Bool { pointee.scanCount > 0 || pointee.isEnumerating }
  var handle: UInt64 { pointee.head.handle }

  /// The entry's copy of what identifies the child.
  func identification(of entry: UnsafeMutablePointer<ChildEntry>) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(entry) + (MemoryLayout<ChildEntry>.size + 15) & ~15
  }

  func address(of entry: UnsafeMutablePointer<ChildEntry>) -> UnsafeMutableRawPointer {
    identification(of: entry) + (Int(pointee.config.IdentificationDescriptionSize) + 15) & ~15
  }

  /// Puts an entry at the end; under the lock.
  func append(_ entry: UnsafeMutablePointer<ChildEntry>) {
    entry.pointee.next = nil
    if let last = pointee.last { last.pointee.next = entry } else { pointee.first = entry }
    pointee.last = entry
  }

  /// Takes an entry out; under the lock.
  func remove(_ entry: UnsafeMutablePointer<ChildEntry>) {
    var before: UnsafeMutablePointer<ChildEntry>?
    var next = pointee.first
    while let candidate = next, candidate != entry {
      before = candidate
      next = candidate.pointee.next
    }
    guard next != nil else { return }
    if let before {
      before.pointee.next = entry.pointee.next
    } else {
      pointee.first = entry.pointee.next
    }
    if pointee.last == entry { pointee.last = before }
    entry.pointee.next = nil
  }

  func forEach(_ body: (UnsafeMutablePointer<ChildEntry>) -> Void) {
    var next = pointee.first
    while let entry = next {
      next = entry.pointee.next
      body(entry)
    }
  }
}

extension Framework {
  static let childListClass = ObjectClass(
    dispose: { address in
      Framework.current.leave(address.assumingMemoryBound(to: ChildListBody.self))
    }, isPassive: true)

  func childList(_ handle: UInt64) -> UnsafeMutablePointer<ChildListBody> {
    body(handle, .childList, as: ChildListBody.self)
  }

  /// Makes a list of a device's children; nil without memory.
  func makeChildList(
    _ device: UnsafeMutablePointer<DeviceBody>, _ config: WDF_CHILD_LIST_CONFIG,
    _ attributes: ObjectAttributes, isStatic: Bool
  ) -> UnsafeMutablePointer<ChildListBody>? {
    var head = ObjectHead(kind: .childList, globals: device.pointee.head.globals)
    head.flags.insert(.undeletable)
    guard let pnp = device.pnp,
      let list = make(
        ChildListBody(head: head, device: device, config: config, isStatic: isStatic), attributes)
    else { return nil }
    guard attach(FrameworkObject(list), to: device.object) >= 0 else {
      discard(FrameworkObject(list))
      return nil
    }
    list.pointee.next = pnp.pointee.childLists
    pnp.pointee.childLists = list
    return list
  }

  /// Takes a list that is deleted from its device, and frees its entries.
  private func leave(_ list: UnsafeMutablePointer<ChildListBody>) {
    guard let pnp = list.pointee.device.pnp else { return }
    if pnp.pointee.childLists == list {
      pnp.pointee.childLists = list.pointee.next
    } else {
      var before = pnp.pointee.childLists
      while let other = before, other.pointee.next != list { before = other.pointee.next }
      before?.pointee.next = list.pointee.next
    }
    while let entry = list.pointee.first { forget(entry, of: list) }
  }

  /// Takes an entry out of its list and frees it.
  func forget(
    _ entry: UnsafeMutablePointer<ChildEntry>, of list: UnsafeMutablePointer<ChildListBody>
  ) {
    list.withLock { list.remove(entry) }
    free(entry, of: list)
  }

  /// Frees an entry that is in no list any more, after the driver's cleanup callbacks.
  func free(
    _ entry: UnsafeMutablePointer<ChildEntry>, of list: UnsafeMutablePointer<ChildListBody>
  ) {
    if let pdo = entry.pointee.pdo?.pdo { pdo.pointee.entry = nil }
    if !list.pointee.isStatic { cleanDescriptions(of: entry, list) }
    machine.pool.free(UnsafeMutableRawPointer(entry), tag: PnpState.tag)
  }

  func forEachList(
    of device: UnsafeMutablePointer<DeviceBody>,
    _ body: (UnsafeMutablePointer<ChildListBody>) -> Void
  ) {
    var next = device.pnp?.pointee.childLists
    while let list = next {
      next = list.pointee.next
      body(list)
    }
  }
}
