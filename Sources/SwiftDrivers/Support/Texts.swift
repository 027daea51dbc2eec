import CDriverKit

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
