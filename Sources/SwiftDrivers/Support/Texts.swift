import CDriverKit
import Framework
import NTTypes

/// Lends a text as the counted UTF-16 string that the driver kit's functions take.
///
/// At most 32,767 characters of UTF-16.
func withUnicodeString<R>(
  _ text: String, _ body: (UnsafePointer<UNICODE_STRING>) -> R
) -> R {
  let characters = Array(text.utf16.prefix(Int(UInt16.max / 2)))
  return characters.withUnsafeBufferPointer { characters in
    let byteCount = UInt16(characters.count * 2)
    // The functions only read it.
    let string = UNICODE_STRING(
      Length: byteCount, MaximumLength: byteCount,
      Buffer: UnsafeMutablePointer(mutating: characters.baseAddress))
    return withUnsafePointer(to: string, body)
  }
}

extension String {
  /// The characters of a counted string.
  init(_ string: UNICODE_STRING) {
    self.init(
      decoding: UnsafeBufferPointer(start: string.Buffer, count: Int(string.Length) / 2),
      as: UTF16.self)
  }
}

/// The text that a function of the framework puts into a WDFSTRING.
///
/// At PASSIVE_LEVEL.
func withStringObject(
  _ globals: UnsafeMutableRawPointer, _ body: (_ string: UInt64) -> Int32
) throws(NTStatus) -> String {
  var bits: UInt64 = 0
  try checkRefusal(of: "WdfStringCreate")
  try check(wdfStringCreate(globals, nil, nil, &bits))
  defer { wdfObjectDelete(globals, bits) }
  try check(body(bits))
  var string = UNICODE_STRING()
  wdfStringGetUnicodeString(globals, bits, &string)
  return String(string)
}
