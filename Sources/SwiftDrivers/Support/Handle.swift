import CDriverKit
import Framework
import NTTypes

/// A framework object, as a driver knows it: its handle, and whose it is.
///
/// Copying it takes no reference: a handle whose object is gone is bug check 0x10D when it is used.
package struct Handle: Hashable, @unchecked Sendable {
  package let globals: UnsafeMutableRawPointer
  package let bits: UInt64

  package init(globals: UnsafeMutableRawPointer, bits: UInt64) {
    self.globals = globals
    self.bits = bits
  }

  /// The handle as the structures of the driver kit have it.
  var pointer: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: UInt(bits)) }

  /// Whether the object is still there.
  var isLive: Bool { Framework.current.isLive(bits) }
}

/// What has a framework object behind it, which can be the parent of others.
///
/// A parent deletes its children before itself.
public protocol FrameworkParent: Sendable {
  /// The object; for the module's own use.
  var frameworkHandle: FrameworkHandle { get }
}

/// The object behind a value of this module, without more to do with it than to compare.
public struct FrameworkHandle: Hashable, Sendable, CustomStringConvertible {
  package let handle: Handle

  package init(_ handle: Handle) { self.handle = handle }

  /// The handle in hexadecimal digits, as reports print it.
  public var description: String { "0x" + String(handle.bits, radix: 16) }
}

/// Throws an error status that a function of the framework gave.
@inline(__always)
func check(_ code: Int32) throws(NTStatus) {
  if code < 0 { throw NTStatus(code: code) }
}
