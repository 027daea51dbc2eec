/// What led to a violation: up to two events, each with the driver's stack at that time.
package struct Causes: Sendable {
  /// An event and the stack of it; a stack of 0 says nothing.
  package struct Cause: Sendable {
    package var event: Event
    package var stack: StackNumber
  }

  package enum Event: UInt8, Sendable {
    case allocated, released, initialized, acquired, locked, completed, queued, opened, sent, read
    /// A routine of the driver that has returned: its address is all that is left of it.
    case returned
    case deleted, created
    /// What the thread waits for since then.
    case awaited

    /// The word for it in reports.
    package var word: String { "\(self)" }
  }

  package var first: Cause?
  package var second: Cause?

  package static let none = Causes()

  package init() {}

  package init(_ event: Event, _ stack: StackNumber) {
    if stack != 0 { first = Cause(event: event, stack: stack) }
  }

  /// With another event.
  package func and(_ event: Event, _ stack: StackNumber) -> Causes {
    if stack == 0 { return self }
    var result = self
    if result.first == nil {
      result.first = Cause(event: event, stack: stack)
    } else {
      result.second = Cause(event: event, stack: stack)
    }
    return result
  }

  /// Those that are known.
  package var all: [Cause] { [first, second].compactMap(\.self) }
}
