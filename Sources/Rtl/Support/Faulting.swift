// A pointer that a driver hands over may be NULL where it must not be. Unwrapping it with `!` would
// end the process; used as it is, it faults at its first use and becomes the driver's exception.

/// The pointer as it came: NULL is not refused here, it faults where it is used.
@inline(__always)
package func faulting<T>(_ pointer: UnsafeMutablePointer<T>?) -> UnsafeMutablePointer<T> {
  unsafeBitCast(pointer, to: UnsafeMutablePointer<T>.self)
}

/// The pointer as it came: NULL is not refused here, it faults where it is used.
@inline(__always)
package func faulting<T>(_ pointer: UnsafePointer<T>?) -> UnsafePointer<T> {
  unsafeBitCast(pointer, to: UnsafePointer<T>.self)
}

/// The pointer as it came: NULL is not refused here, it faults where it is used.
@inline(__always)
package func faulting(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
  unsafeBitCast(pointer, to: UnsafeMutableRawPointer.self)
}

/// The pointer as it came: NULL is not refused here, it faults where it is used.
@inline(__always)
@_disfavoredOverload
package func faulting(_ pointer: UnsafeRawPointer?) -> UnsafeRawPointer {
  unsafeBitCast(pointer, to: UnsafeRawPointer.self)
}

/// The address in a driver's integer argument, NULL included.
@inline(__always)
package func faulting<T>(
  address: UInt64, as type: T.Type = T.self
) -> UnsafeMutablePointer<T> {
  faulting(UnsafeMutablePointer<T>(bitPattern: UInt(address)))
}
