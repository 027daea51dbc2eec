import Glibc

/// The offset of a text in bytes, at or after `start`.
func find(_ text: String, in bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
  guard let base = bytes.baseAddress else { return nil }
  var text = text
  return text.withUTF8 { needle in
    guard let first = needle.first, let pattern = needle.baseAddress else { return nil }
    var offset = start
    while offset + needle.count <= bytes.count {
      let room = bytes.count - needle.count - offset + 1
      guard let hit = memchr(base + offset, Int32(first), room) else { return nil }
      offset = UnsafeRawPointer(hit) - base
      if memcmp(hit, pattern, needle.count) == 0 { return offset }
      offset += 1
    }
    return nil
  }
}

/// Whether the bytes contain a name that is not part of a longer one.
func containsWord(_ word: String, in bytes: UnsafeRawBufferPointer) -> Bool {
  var start = 0
  while let offset = find(word, in: bytes, from: start) {
    let end = offset + word.utf8.count
    let before = offset > 0 ? bytes[offset - 1] : 0
    let after = end < bytes.count ? bytes[end] : 0
    if !isNameByte(before) && !isNameByte(after) { return true }
    start = offset + 1
  }
  return false
}

/// Whether a byte may stand in a C name.
func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
    true
  default: false
  }
}
