// A caller in the Microsoft convention leaves the upper bits of an argument of 1 or 2 bytes
// undefined, but a callee in the System V convention may rely on 4 extended bytes. So such a
// parameter is declared with 32 bits here and cut by whoever uses it.

/// A BOOLEAN parameter: only its low byte means something.
package typealias BooleanArgument = UInt32

/// A WCHAR or USHORT parameter: only its low 16 bits mean something.
package typealias ShortArgument = UInt32

/// A CHAR or UCHAR parameter: only its low byte means something.
package typealias ByteArgument = UInt32

extension UInt32 {
  /// Whether the low byte, a BOOLEAN, says yes.
  @inline(__always)
  var isTrue: Bool { self & 0xFF != 0 }

  /// The low byte of an argument.
  @inline(__always)
  var lowByte: UInt8 { UInt8(truncatingIfNeeded: self) }

  /// The low 16 bits of an argument.
  @inline(__always)
  var lowShort: UInt16 { UInt16(truncatingIfNeeded: self) }
}

extension Bool {
  /// The value as a BOOLEAN.
  @inline(__always)
  var boolean: UInt8 { self ? 1 : 0 }
}
