import CDriverKit

// A status in place of an entry is a small number: no entry lies there.

private func options(_ mode: UInt32, _ alertable: UInt32, _ timeout: UnsafePointer<LARGE_INTEGER>?)
  -> WaitOptions
{
  WaitOptions(
    mode: mode & 0xFF == 0 ? ProcessorMode.kernel : ProcessorMode.user,
    isAlertable: alertable & 0xFF != 0, deadline: Deadline(timeout))
}

/// Sleeping is not possible at DISPATCH_LEVEL: IRQL_NOT_LESS_OR_EQUAL.
private func checkLevel(_ queue: UnsafeMutablePointer<KQUEUE>, _ options: WaitOptions) {
  guard CurrentThread.irql >= IRQL.dispatch, options.deadline != .poll else { return }
  Machine.current.bugCheck(
    0xA, UInt64(UInt(bitPattern: queue)), UInt64(CurrentThread.irql), 0, 0)
}

@c(r3_KeInitializeQueue)
func keInitializeQueue(_ queue: UnsafeMutablePointer<KQUEUE>, _ count: UInt32) {
  Queue(queue).initialize(maximumCount: count, in: .current)
}

@c(r3_KeInsertQueue)
func keInsertQueue(
  _ queue: UnsafeMutablePointer<KQUEUE>, _ entry: UnsafeMutablePointer<LIST_ENTRY>
) -> Int32 {
  Queue(queue).insert(entry, atHead: false)
}

@c(r3_KeInsertHeadQueue)
func keInsertHeadQueue(
  _ queue: UnsafeMutablePointer<KQUEUE>, _ entry: UnsafeMutablePointer<LIST_ENTRY>
) -> Int32 {
  Queue(queue).insert(entry, atHead: true)
}

@c(r3_KeRemoveQueue)
func keRemoveQueue(
  _ queue: UnsafeMutablePointer<KQUEUE>, _ mode: UInt32, _ timeout: UnsafePointer<LARGE_INTEGER>?
) -> UInt {
  let options = options(mode, 0, timeout)
  checkLevel(queue, options)
  switch Queue(queue).remove(options) {
  case .entry(let entry): return UInt(bitPattern: entry)
  case .status(let status): return UInt(bitPattern: Int(status))
  }
}

/// Takes up to so many entries, the first with a wait; gives their number, or a status.
@c(r3_KeRemoveQueueEx)
func keRemoveQueueEx(
  _ queue: UnsafeMutablePointer<KQUEUE>, _ mode: UInt32, _ alertable: UInt32,
  _ timeout: UnsafePointer<LARGE_INTEGER>?,
  _ entries: UnsafeMutablePointer<UnsafeMutablePointer<LIST_ENTRY>?>, _ count: UInt32
) -> UInt32 {
  var options = options(mode, alertable, timeout)
  checkLevel(queue, options)
  var taken: UInt32 = 0
  while taken < count {
    switch Queue(queue).remove(options) {
    case .entry(let entry):
      entries[Int(taken)] = entry
      taken += 1
      options.deadline = .poll
    case .status(let status):
      return taken == 0 ? UInt32(bitPattern: status) : taken
    }
  }
  return taken
}

@c(r3_KeRundownQueue)
func keRundownQueue(_ queue: UnsafeMutablePointer<KQUEUE>) -> UnsafeMutablePointer<LIST_ENTRY>? {
  Queue(queue).runDown()
}

@c(r3_KeReadStateQueue)
func keReadStateQueue(_ queue: UnsafeMutablePointer<KQUEUE>) -> Int32 { Queue(queue).count }
