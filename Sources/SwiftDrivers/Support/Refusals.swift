import Machine
import NTTypes

// What the class `lowResources` refuses a driver in Swift: it calls functions by name, not by imports that
// could be bound to something else. The names are those of fallible.h.

/// Throws STATUS_INSUFFICIENT_RESOURCES when the plan has a routine fail now.
///
/// - Parameter tag: the pool tag; 0 for none.
@inline(__always)
func checkRefusal(of routine: StaticString, tag: UInt32 = 0) throws(NTStatus) {
  if isRefused(routine, tag: tag) { throw .insufficientResources }
}

/// Whether the plan has a routine fail now; no without the class.
@inline(__always)
func isRefused(_ routine: StaticString, tag: UInt32 = 0) -> Bool {
  Machine.current.injectsFailures && Machine.current.refusesNatively(routine, tag: tag)
}
