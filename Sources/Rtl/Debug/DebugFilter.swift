import Machine
import NTTypes

/// A level of debug output: a number below 32 is a bit number, anything else is the bits themselves.
package struct DebugLevel {
  package let mask: UInt32

  package init(_ level: UInt32) { mask = level < 32 ? 1 << level : level }

  /// Errors, which are shown whatever the filter of their component says.
  package static var errors: UInt32 { 1 }
}

extension Machine {
  /// The filter of a component; one with a number that is too high has none.
  func debugFilter(ofComponent component: UInt32) -> UInt32 {
    component < 256 ? runtime.pointee.debugFilters[Int(component)] : 0
  }

  /// Whether debug output of that component and level is shown.
  func shows(component: UInt32, _ level: DebugLevel) -> Bool {
    (debugFilter(ofComponent: component) | DebugLevel.errors) & level.mask != 0
  }
}

/// Whether a level of a component is shown: TRUE or FALSE as a status.
@c(r3_DbgQueryDebugFilterState)
package func dbgQueryDebugFilterState(_ component: UInt32, _ level: UInt32) -> Int32 {
  Machine.current.shows(component: component, DebugLevel(level)) ? 1 : 0
}

/// Shows or hides a level of a component from now on.
@c(r3_DbgSetDebugFilterState)
package func dbgSetDebugFilterState(
  _ component: UInt32, _ level: UInt32, _ isShown: BooleanArgument
) -> Int32 {
  guard component < 256 else { return NTStatus.invalidParameter1.code }
  let state = Machine.current.runtime
  let mask = DebugLevel(level).mask
  if isShown.isTrue {
    state.pointee.debugFilters[Int(component)] |= mask
  } else {
    state.pointee.debugFilters[Int(component)] &= ~mask
  }
  return NTStatus.success.code
}
