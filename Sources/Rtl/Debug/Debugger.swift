import NTTypes

// The kernel debugger, which is never there.

/// STATUS_DEBUGGER_INACTIVE.
private var inactive: Int32 { NTStatus(bits: 0xC000_0354).code }

@c(r3_KdRefreshDebuggerNotPresent)
package func kdRefreshDebuggerNotPresent() -> UInt8 { 1 }

@c(r3_KdDisableDebugger)
package func kdDisableDebugger() -> Int32 { inactive }

@c(r3_KdEnableDebugger)
package func kdEnableDebugger() -> Int32 { inactive }
