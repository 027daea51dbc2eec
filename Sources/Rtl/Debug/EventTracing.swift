import NTTypes

// Event tracing: providers may register and write, but no session listens, so nothing is enabled
// and nothing is kept - as on a machine where nobody traces.

/// The handle that every provider gets; nothing stands behind it.
private var registration: UInt64 { 0x5233_4554_5700_0001 }

@c(r3_EtwRegister)
package func etwRegister(
  _ provider: UnsafeRawPointer?, _ callback: UnsafeRawPointer?, _ context: UnsafeRawPointer?,
  _ handle: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  guard provider != nil, let handle else { return NTStatus.invalidParameter.code }
  handle.pointee = registration
  return NTStatus.success.code
}

@c(r3_EtwUnregister)
package func etwUnregister(_ handle: UInt64) -> Int32 { status(of: handle) }

@c(r3_EtwSetInformation)
package func etwSetInformation(
  _ handle: UInt64, _ kind: UInt32, _ information: UnsafeRawPointer?, _ size: UInt32
) -> Int32 {
  status(of: handle)
}

@c(r3_EtwEventEnabled)
package func etwEventEnabled(_ handle: UInt64, _ event: UnsafeRawPointer?) -> UInt8 { 0 }

@c(r3_EtwProviderEnabled)
package func etwProviderEnabled(
  _ handle: UInt64, _ level: ByteArgument, _ keyword: UInt64
) -> UInt8 { 0 }

@c(r3_EtwWrite)
package func etwWrite(
  _ handle: UInt64, _ event: UnsafeRawPointer?, _ activity: UnsafeRawPointer?, _ count: UInt32,
  _ data: UnsafeRawPointer?
) -> Int32 {
  status(of: handle)
}

@c(r3_EtwWriteTransfer)
package func etwWriteTransfer(
  _ handle: UInt64, _ event: UnsafeRawPointer?, _ activity: UnsafeRawPointer?,
  _ related: UnsafeRawPointer?, _ count: UInt32, _ data: UnsafeRawPointer?
) -> Int32 {
  status(of: handle)
}

@c(r3_EtwWriteString)
package func etwWriteString(
  _ handle: UInt64, _ level: ByteArgument, _ keyword: UInt64, _ activity: UnsafeRawPointer?,
  _ text: UnsafeRawPointer?
) -> Int32 {
  status(of: handle)
}

/// A message for a session; no session has any handle.
@c(r3_WmiTraceMessage)
package func wmiTraceMessage(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  NTStatus.invalidHandle.code
}

private func status(of handle: UInt64) -> Int32 {
  handle == registration ? NTStatus.success.code : NTStatus.invalidHandle.code
}
