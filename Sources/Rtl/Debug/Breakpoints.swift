import Machine

// Breakpoints and failed assertions. No debugger listens: an assertion is an exception of the driver.

/// The status of a breakpoint.
private var breakpoint: UInt32 { 0x8000_0003 }

@c(r3_DbgBreakPoint)
package func dbgBreakPoint() { breakOrGoOn() }

@c(r3_DbgBreakPointWithStatus)
package func dbgBreakPointWithStatus(_ status: UInt32) { breakOrGoOn() }

/// Raises, or notes the breakpoint and goes on: what the machine is configured for.
private func breakOrGoOn() {
  let machine = Machine.current
  if machine.state.pointee.configuration.breakpointsRaise { machine.raise(status: breakpoint) }
  let note: StaticString = "Break instruction: the driver called DbgBreakPoint.\n"
  machine.debugOutput(
    UnsafeBufferPointer(start: note.utf8Start, count: note.utf8CodeUnitCount))
}

/// Prints what failed, then breaks.
@c(r3_RtlAssert)
package func rtlAssert(
  _ assertion: UnsafePointer<UInt8>?, _ file: UnsafePointer<UInt8>?, _ line: UInt32,
  _ message: UnsafePointer<UInt8>?
) {
  let format: StaticString = "\n*** Assertion failed: %s%s\n***   Source File: %s, line %i\n\n"
  let empty: StaticString = ""
  var arguments: InlineArray<5, UInt64> = [
    UInt64(UInt(bitPattern: format.utf8Start)),
    UInt64(UInt(bitPattern: message ?? empty.utf8Start)),
    UInt64(UInt(bitPattern: assertion)),
    UInt64(UInt(bitPattern: file)),
    UInt64(line),
  ]
  withUnsafeBytes(of: &arguments) { bytes in
    guard let base = bytes.baseAddress else { return }
    _ = dbgPrint(base.assumingMemoryBound(to: UInt64.self))
  }
  Machine.current.raise(status: breakpoint)
}
