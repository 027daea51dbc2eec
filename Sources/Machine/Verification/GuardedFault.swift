/// A fault on a system address, and what the memory layer says of it.
package struct GuardedFault {
  /// Whether the instruction is a driver's.
  package let isInDriver: Bool
  /// The code of the bug check.
  package var code: UInt32 = 0
  package var causes = Causes.none

  package init(isInDriver: Bool) { self.isInDriver = isInDriver }
}
