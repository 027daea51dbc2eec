// Classes of characters in the C locale: ASCII alone has letters, digits and blanks.

@c(r3_isdigit)
package func crtIsdigit(_ character: Int32) -> Int32 { CharacterClass(character).isDigit ? 1 : 0 }

@c(r3_isxdigit)
package func crtIsxdigit(_ character: Int32) -> Int32 {
  CharacterClass(character).isHexadecimalDigit ? 1 : 0
}

@c(r3_isalpha)
package func crtIsalpha(_ character: Int32) -> Int32 { CharacterClass(character).isLetter ? 1 : 0 }

@c(r3_isalnum)
package func crtIsalnum(_ character: Int32) -> Int32 {
  CharacterClass(character).isLetterOrDigit ? 1 : 0
}

@c(r3_isupper)
package func crtIsupper(_ character: Int32) -> Int32 {
  CharacterClass(character).isUppercase ? 1 : 0
}

@c(r3_islower)
package func crtIslower(_ character: Int32) -> Int32 {
  CharacterClass(character).isLowercase ? 1 : 0
}

@c(r3_isspace)
package func crtIsspace(_ character: Int32) -> Int32 { CharacterClass(character).isSpace ? 1 : 0 }

@c(r3_isprint)
package func crtIsprint(_ character: Int32) -> Int32 {
  CharacterClass(character).isPrintable ? 1 : 0
}

@c(r3_ispunct)
package func crtIspunct(_ character: Int32) -> Int32 {
  CharacterClass(character).isPunctuation ? 1 : 0
}

@c(r3_iscntrl)
package func crtIscntrl(_ character: Int32) -> Int32 { CharacterClass(character).isControl ? 1 : 0 }

@c(r3_isgraph)
package func crtIsgraph(_ character: Int32) -> Int32 { CharacterClass(character).isGraphic ? 1 : 0 }

@c(r3_iswdigit)
package func crtIswdigit(_ character: ShortArgument) -> Int32 {
  CharacterClass(Int32(character.lowShort)).isDigit ? 1 : 0
}

@c(r3_iswxdigit)
package func crtIswxdigit(_ character: ShortArgument) -> Int32 {
  CharacterClass(Int32(character.lowShort)).isHexadecimalDigit ? 1 : 0
}

@c(r3_iswalpha)
package func crtIswalpha(_ character: ShortArgument) -> Int32 {
  CharacterClass(Int32(character.lowShort)).isLetter ? 1 : 0
}

@c(r3_iswalnum)
package func crtIswalnum(_ character: ShortArgument) -> Int32 {
  CharacterClass(Int32(character.lowShort)).isLetterOrDigit ? 1 : 0
}

@c(r3_iswspace)
package func crtIswspace(_ character: ShortArgument) -> Int32 {
  CharacterClass(Int32(character.lowShort)).isSpace ? 1 : 0
}

@c(r3_tolower)
package func crtTolower(_ character: Int32) -> Int32 {
  CharacterClass(character).isUppercase ? character | 0x20 : character
}

@c(r3_toupper)
package func crtToupper(_ character: Int32) -> Int32 {
  CharacterClass(character).isLowercase ? character & ~0x20 : character
}

@c(r3_towlower)
package func crtTowlower(_ character: ShortArgument) -> UInt16 {
  character.lowShort.lowercasedASCII
}

@c(r3_towupper)
package func crtTowupper(_ character: ShortArgument) -> UInt16 {
  character.lowShort.uppercasedASCII
}

/// What the C locale says about a character; everything outside ASCII is nothing.
private struct CharacterClass {
  let unit: UInt16

  init(_ character: Int32) {
    unit = character >= 0 && character < 0x80 ? UInt16(character) : 0xFFFF
  }

  var isDigit: Bool { unit.isDigitASCII }
  var isUppercase: Bool { unit.isUppercaseASCII }
  var isLowercase: Bool { unit.isLowercaseASCII }
  var isLetter: Bool { isUppercase || isLowercase }
  var isLetterOrDigit: Bool { isLetter || isDigit }
  var isHexadecimalDigit: Bool { unit.digitValue < 16 }
  var isSpace: Bool { unit.isSpaceASCII }
  var isPrintable: Bool { unit >= 0x20 && unit < 0x7F }
  var isGraphic: Bool { unit > 0x20 && unit < 0x7F }
  var isPunctuation: Bool { isGraphic && !isLetterOrDigit }
  var isControl: Bool { unit < 0x20 || unit == 0x7F }
}
