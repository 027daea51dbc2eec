import CDriverKit
import CRing3

/// A device queue: busy with one entry, others wait.
package struct DeviceQueue {
  package typealias Entry = UnsafeMutablePointer<KDEVICE_QUEUE_ENTRY>

  package let pointer: UnsafeMutablePointer<KDEVICE_QUEUE>

  package init(_ pointer: UnsafeMutablePointer<KDEVICE_QUEUE>) { self.pointer = pointer }

  private var head: UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(pointer) + MemoryLayout<KDEVICE_QUEUE>.offset(of: \.DeviceListHead)!)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  private var lock: SpinLock {
    SpinLock(
      (UnsafeMutableRawPointer(pointer) + MemoryLayout<KDEVICE_QUEUE>.offset(of: \.Lock)!)
        .assumingMemoryBound(to: UInt64.self))
  }

  private func locked<R>(_ body: () -> R) -> R {
    let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    lock.acquire()
    let result = body()
    lock.release(lowerTo: old)
    return result
  }

  private static func entry(_ link: UnsafeMutablePointer<LIST_ENTRY>) -> Entry {
    UnsafeMutableRawPointer(link).assumingMemoryBound(to: KDEVICE_QUEUE_ENTRY.self)
  }

  private static func link(_ entry: Entry) -> UnsafeMutablePointer<LIST_ENTRY> {
    UnsafeMutableRawPointer(entry).assumingMemoryBound(to: LIST_ENTRY.self)
  }

  package func initialize() {
    pointer.pointee = KDEVICE_QUEUE()
    pointer.pointee.`Type` = 20
    pointer.pointee.Size = Int16(MemoryLayout<KDEVICE_QUEUE>.size)
    head.initializeHead()
  }

  /// Queues an entry when the queue is busy; else makes it busy and returns false.
  ///
  /// - Parameter key: its place; none means at the end.
  package func insert(_ entry: Entry, key: UInt32? = nil) -> Bool {
    locked {
      let wasBusy = pointer.pointee.Busy != 0
      entry.pointee.SortKey = key ?? entry.pointee.SortKey
      entry.pointee.Inserted = wasBusy ? 1 : 0
      if wasBusy { place(for: key).insertTail(Self.link(entry)) } else { pointer.pointee.Busy = 1 }
      return wasBusy
    }
  }

  /// The link that an entry goes before.
  private func place(for key: UInt32?) -> UnsafeMutablePointer<LIST_ENTRY> {
    guard let key else { return head }
    var next = head.next(in: head)
    while let link = next, Self.entry(link).pointee.SortKey <= key { next = link.next(in: head) }
    return next ?? head
  }

  /// Takes the next entry, or makes the queue idle when there is none.
  ///
  /// - Parameter key: the first entry with at least this key is taken, else the first of all.
  package func remove(key: UInt32? = nil, onlyIfBusy: Bool = false) -> Entry? {
    locked {
      if onlyIfBusy, pointer.pointee.Busy == 0 { return nil }
      guard let first = head.next(in: head) else {
        pointer.pointee.Busy = 0
        return nil
      }
      var link = first
      if let key {
        var next: UnsafeMutablePointer<LIST_ENTRY>? = first
        while let here = next, Self.entry(here).pointee.SortKey < key {
          next = here.next(in: head)
        }
        link = next ?? first
      }
      link.unlink()
      Self.entry(link).pointee.Inserted = 0
      return Self.entry(link)
    }
  }

  /// Takes one entry out; false when it is not queued.
  package func remove(_ entry: Entry) -> Bool {
    locked {
      let wasInserted = entry.pointee.Inserted != 0
      if wasInserted { Self.link(entry).unlink() }
      entry.pointee.Inserted = 0
      return wasInserted
    }
  }
}

@c(r3_KeInitializeDeviceQueue)
func keInitializeDeviceQueue(_ queue: UnsafeMutablePointer<KDEVICE_QUEUE>) {
  DeviceQueue(queue).initialize()
}

@c(r3_KeInsertDeviceQueue)
func keInsertDeviceQueue(
  _ queue: UnsafeMutablePointer<KDEVICE_QUEUE>, _ entry: UnsafeMutablePointer<KDEVICE_QUEUE_ENTRY>
) -> UInt8 {
  DeviceQueue(queue).insert(entry) ? 1 : 0
}

@c(r3_KeInsertByKeyDeviceQueue)
func keInsertByKeyDeviceQueue(
  _ queue: UnsafeMutablePointer<KDEVICE_QUEUE>,
  _ entry: UnsafeMutablePointer<KDEVICE_QUEUE_ENTRY>, _ key: UInt32
) -> UInt8 {
  DeviceQueue(queue).insert(entry, key: key) ? 1 : 0
}

@c(r3_KeRemoveDeviceQueue)
func keRemoveDeviceQueue(_ queue: UnsafeMutablePointer<KDEVICE_QUEUE>) -> UnsafeMutablePointer<
  KDEVICE_QUEUE_ENTRY
>? {
  DeviceQueue(queue).remove()
}

@c(r3_KeRemoveByKeyDeviceQueue)
func keRemoveByKeyDeviceQueue(_ queue: UnsafeMutablePointer<KDEVICE_QUEUE>, _ key: UInt32)
  -> UnsafeMutablePointer<KDEVICE_QUEUE_ENTRY>?
{
  DeviceQueue(queue).remove(key: key)
}

@c(r3_KeRemoveByKeyDeviceQueueIfBusy)
func keRemoveByKeyDeviceQueueIfBusy(_ queue: UnsafeMutablePointer<KDEVICE_QUEUE>, _ key: UInt32)
  -> UnsafeMutablePointer<KDEVICE_QUEUE_ENTRY>?
{
  DeviceQueue(queue).remove(key: key, onlyIfBusy: true)
}

@c(r3_KeRemoveEntryDeviceQueue)
func keRemoveEntryDeviceQueue(
  _ queue: UnsafeMutablePointer<KDEVICE_QUEUE>, _ entry: UnsafeMutablePointer<KDEVICE_QUEUE_ENTRY>
) -> UInt8 {
  DeviceQueue(queue).remove(entry) ? 1 : 0
}
