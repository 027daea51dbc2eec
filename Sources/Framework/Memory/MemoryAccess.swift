import CDriverKit
import CRing3
import Machine

@c(r3_WdfMemoryGetBuffer)
package func wdfMemoryGetBuffer(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ byteCount: UnsafeMutablePointer<UInt64>?
) -> UnsafeMutableRawPointer? {
  let memory = Framework.current.body(handle, .memory, as: MemoryBody.self)
  byteCount?.pointee = UInt64(memory.pointee.byteCount)
  return memory.pointee.buffer
}

/// Only an object made over a driver's buffer can be given another one.
@c(r3_WdfMemoryAssignBuffer)
package func wdfMemoryAssignBuffer(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ buffer: UnsafeMutableRawPointer?,
  _ byteCount: UInt64
) -> Int32 {
  let framework = Framework.current
  let memory = framework.body(handle, .memory, as: MemoryBody.self)
  guard memory.pointee.source == .preallocated else {
    framework.violation(.invalidHandle, handle)
  }
  let buffer = framework.require(buffer)
  guard byteCount != 0 else { return FrameworkStatus.invalidParameter }
  memory.pointee.buffer = buffer
  memory.pointee.byteCount = Int(clamping: byteCount)
  return 0
}

@c(r3_WdfMemoryCopyFromBuffer)
package func wdfMemoryCopyFromBuffer(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ offset: UInt64,
  _ source: UnsafeRawPointer?, _ count: UInt64
) -> Int32 {
  let framework = Framework.current
  let memory = framework.body(handle, .memory, as: MemoryBody.self)
  guard let source else { framework.missingParameter() }
  guard count != 0 else { return FrameworkStatus.invalidParameter }
  if memory.pointee.isReadOnly { return FrameworkStatus.accessViolation }
  let size = UInt64(memory.pointee.byteCount)
  // The page names STATUS_BUFFER_TOO_SMALL for the second; the framework itself gives this one.
  guard offset < size, count <= size - offset else { return FrameworkStatus.invalidBufferSize }
  memory.checkLevel()
  memory.copy(to: memory.pointee.buffer.map { $0 + Int(offset) }, from: source, Int(count))
  return 0
}

@c(r3_WdfMemoryCopyToBuffer)
package func wdfMemoryCopyToBuffer(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ offset: UInt64,
  _ destination: UnsafeMutableRawPointer?, _ count: UInt64
) -> Int32 {
  let framework = Framework.current
  let memory = framework.body(handle, .memory, as: MemoryBody.self)
  let destination = framework.require(destination)
  guard count != 0 else { return FrameworkStatus.invalidParameter }
  let size = UInt64(memory.pointee.byteCount)
  guard offset < size, count <= size - offset else { return FrameworkStatus.bufferTooSmall }
  memory.checkLevel()
  memory.copy(to: destination, from: memory.pointee.buffer.map { $0 + Int(offset) }, Int(count))
  return 0
}
