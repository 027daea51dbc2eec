import CDriverKit
import NTTypes

// Comparing, searching and hashing counted strings.

@c(r3_RtlCompareUnicodeString)
package func rtlCompareUnicodeString(
  _ a: UnsafePointer<UNICODE_STRING>, _ b: UnsafePointer<UNICODE_STRING>,
  _ ignoresCase: BooleanArgument
) -> Int32 {
  let difference = UnicodeText(a).firstDifference(
    to: UnicodeText(b), ignoringCase: ignoresCase.isTrue)
  return difference != 0 ? difference : Int32(a.pointee.Length) &- Int32(b.pointee.Length)
}

@c(r3_RtlCompareUnicodeStrings)
package func rtlCompareUnicodeStrings(
  _ a: UnsafePointer<UInt16>, _ aCount: UInt, _ b: UnsafePointer<UInt16>, _ bCount: UInt,
  _ ignoresCase: BooleanArgument
) -> Int32 {
  let first = UnicodeText(units: a, count: Int(min(aCount, UInt(Int32.max))))
  let second = UnicodeText(units: b, count: Int(min(bCount, UInt(Int32.max))))
  let difference = first.firstDifference(to: second, ignoringCase: ignoresCase.isTrue)
  return difference != 0
    ? difference : Int32(truncatingIfNeeded: first.count &- second.count)
}

@c(r3_RtlEqualUnicodeString)
package func rtlEqualUnicodeString(
  _ a: UnsafePointer<UNICODE_STRING>, _ b: UnsafePointer<UNICODE_STRING>,
  _ ignoresCase: BooleanArgument
) -> UInt8 {
  guard a.pointee.Length == b.pointee.Length else { return 0 }
  let difference = UnicodeText(a).firstDifference(
    to: UnicodeText(b), ignoringCase: ignoresCase.isTrue)
  return (difference == 0).boolean
}

@c(r3_RtlPrefixUnicodeString)
package func rtlPrefixUnicodeString(
  _ prefix: UnsafePointer<UNICODE_STRING>, _ string: UnsafePointer<UNICODE_STRING>,
  _ ignoresCase: BooleanArgument
) -> UInt8 {
  guard prefix.pointee.Length <= string.pointee.Length else { return 0 }
  let difference = UnicodeText(prefix).firstDifference(
    to: UnicodeText(string), ignoringCase: ignoresCase.isTrue)
  return (difference == 0).boolean
}

@c(r3_RtlSuffixUnicodeString)
package func rtlSuffixUnicodeString(
  _ suffix: UnsafePointer<UNICODE_STRING>, _ string: UnsafePointer<UNICODE_STRING>,
  _ ignoresCase: BooleanArgument
) -> UInt8 {
  let tail = UnicodeText(suffix)
  var text = UnicodeText(string)
  guard tail.count <= text.count else { return 0 }
  text.units += text.count &- tail.count
  text.count = tail.count
  return (tail.firstDifference(to: text, ignoringCase: ignoresCase.isTrue) == 0).boolean
}

@c(r3_RtlCompareString)
package func rtlCompareString(
  _ a: UnsafePointer<STRING>, _ b: UnsafePointer<STRING>, _ ignoresCase: BooleanArgument
) -> Int32 {
  let difference = ByteText(a).firstDifference(
    to: ByteText(b), ignoringCase: ignoresCase.isTrue)
  return difference != 0 ? difference : Int32(a.pointee.Length) &- Int32(b.pointee.Length)
}

@c(r3_RtlEqualString)
package func rtlEqualString(
  _ a: UnsafePointer<STRING>, _ b: UnsafePointer<STRING>, _ ignoresCase: BooleanArgument
) -> UInt8 {
  guard a.pointee.Length == b.pointee.Length else { return 0 }
  return (rtlCompareString(a, b, ignoresCase) == 0).boolean
}

@c(r3_RtlPrefixString)
package func rtlPrefixString(
  _ prefix: UnsafePointer<STRING>, _ string: UnsafePointer<STRING>,
  _ ignoresCase: BooleanArgument
) -> UInt8 {
  guard prefix.pointee.Length <= string.pointee.Length else { return 0 }
  let difference = ByteText(prefix).firstDifference(
    to: ByteText(string), ignoringCase: ignoresCase.isTrue)
  return (difference == 0).boolean
}

/// The hash of algorithm X65599, the only one there is.
@c(r3_RtlHashUnicodeString)
package func rtlHashUnicodeString(
  _ string: UnsafePointer<UNICODE_STRING>?, _ ignoresCase: BooleanArgument,
  _ algorithm: UInt32, _ hash: UnsafeMutablePointer<UInt32>?
) -> Int32 {
  guard let string, let hash, algorithm <= 1 else { return NTStatus.invalidParameter.code }
  let text = UnicodeText(string)
  var value: UInt32 = 0
  for i in 0..<text.count {
    value = value &* 65599 &+ UInt32(text.unit(i, ignoringCase: ignoresCase.isTrue))
  }
  hash.pointee = value
  return NTStatus.success.code
}

/// Looks for the first (or, backwards, last) unit that is in a set, or not in it.
///
/// Flags: 1 backwards, 2 not in the set, 4 ignoring case. The position is the byte offset behind
/// the unit, or of the unit itself when looking backwards.
@c(r3_RtlFindCharInUnicodeString)
package func rtlFindCharInUnicodeString(
  _ flags: UInt32, _ string: UnsafePointer<UNICODE_STRING>, _ set: UnsafePointer<UNICODE_STRING>,
  _ position: UnsafeMutablePointer<UInt16>
) -> Int32 {
  guard flags & ~7 == 0 else {
    position.pointee = 0
    return NTStatus.invalidParameter.code
  }
  let text = UnicodeText(string)
  let wanted = UnicodeText(set)
  let isBackwards = flags & 1 != 0
  for step in 0..<text.count {
    let at = isBackwards ? text.count &- 1 &- step : step
    let unit = text.unit(at, ignoringCase: flags & 4 != 0)
    var isMember = false
    for i in 0..<wanted.count where wanted.unit(i, ignoringCase: flags & 4 != 0) == unit {
      isMember = true
    }
    guard isMember == (flags & 2 == 0) else { continue }
    position.pointee = UInt16(truncatingIfNeeded: (isBackwards ? at : at &+ 1) &* 2)
    return NTStatus.success.code
  }
  position.pointee = 0
  return NTStatus.notFound.code
}
