import CDriverKit
import Glibc

/// The timers of a machine that run, latest first, in memory that no driver can spoil.
struct TimerQueue {
  struct Entry {
    let time: UInt64
    let timer: UnsafeMutablePointer<KTIMER>
    /// Who set it, in a verified machine.
    var stack: StackNumber = 0
  }

  private var entries: UnsafeMutablePointer<Entry>?
  private(set) var count = 0
  private var capacity = 0

  /// When the first timer is due; `.max` when none runs.
  var nextTime: UInt64 { count == 0 ? .max : entries.unsafelyUnwrapped[count - 1].time }

  /// Timers that are due at the same time keep their order.
  mutating func insert(
    _ timer: UnsafeMutablePointer<KTIMER>, at time: UInt64, _ stack: StackNumber
  ) {
    if count == capacity { grow() }
    let entries = entries.unsafelyUnwrapped
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].time > time { low = middle + 1 } else { high = middle }
    }
    memmove(entries + low + 1, entries + low, (count - low) * MemoryLayout<Entry>.stride)
    (entries + low).initialize(to: Entry(time: time, timer: timer, stack: stack))
    count += 1
  }

  /// Takes a timer out; false when it does not run.
  mutating func remove(_ timer: UnsafeMutablePointer<KTIMER>) -> Bool {
    guard let index = index(where: { $0 == timer }) else { return false }
    removeEntry(index)
    return true
  }

  /// Takes the first timer out when it is due.
  mutating func removeFirst(dueAt time: UInt64) -> Entry? {
    guard nextTime <= time else { return nil }
    count -= 1
    return entries.unsafelyUnwrapped[count]
  }

  /// Who set the timers that run.
  var stacks: [StackNumber] { (0..<count).map { entries.unsafelyUnwrapped[$0].stack } }

  /// A timer that lies in a range of memory.
  func first(in range: Range<UInt>) -> UnsafeMutablePointer<KTIMER>? {
    index(where: { range.contains(UInt(bitPattern: $0)) }).map {
      entries.unsafelyUnwrapped[$0].timer
    }
  }

  /// Who set a timer that runs.
  func stack(of timer: UnsafeMutablePointer<KTIMER>) -> StackNumber {
    index(where: { $0 == timer }).map { entries.unsafelyUnwrapped[$0].stack } ?? 0
  }

  mutating func destroy() {
    free(entries)
    entries = nil
    count = 0
    capacity = 0
  }

  private func index(where isWanted: (UnsafeMutablePointer<KTIMER>) -> Bool) -> Int? {
    for index in 0..<count where isWanted(entries.unsafelyUnwrapped[index].timer) { return index }
    return nil
  }

  private mutating func removeEntry(_ index: Int) {
    let entries = entries.unsafelyUnwrapped
    memmove(
      entries + index, entries + index + 1, (count - index - 1) * MemoryLayout<Entry>.stride)
    count -= 1
  }

  private mutating func grow() {
    capacity = max(16, capacity * 2)
    entries = realloc(entries, capacity * MemoryLayout<Entry>.stride)!
      .assumingMemoryBound(to: Entry.self)
  }
}
