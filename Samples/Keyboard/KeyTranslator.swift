// From the key codes of Linux to the scan codes that Windows reports.

/// One `struct input_event` of Linux, without its time.
struct InputEvent: Equatable {
  var type: UInt16
  var code: UInt16
  var value: Int32

  /// Bytes of one in a file.
  static let byteCount = 24

  /// Reads one; the type lies behind a `struct timeval`.
  init(_ bytes: ArraySlice<UInt8>) {
    func number(_ offset: Int, _ count: Int) -> UInt32 {
      (0..<count).reduce(0) { $0 | UInt32(bytes[bytes.startIndex + offset + $1]) << ($1 * 8) }
    }
    type = UInt16(number(16, 2))
    code = UInt16(number(18, 2))
    value = Int32(bitPattern: number(20, 4))
  }

  init(type: UInt16, code: UInt16, value: Int32) {
    (self.type, self.code, self.value) = (type, code, value)
  }

  static let synchronization = 0 as UInt16
  static let key = 1 as UInt16
  static let light = 0x11 as UInt16
}

/// Turns events into scan codes.
struct KeyTranslator {
  /// The host lost events: what follows, up to the next report, means nothing.
  private var isDropping = false

  /// What an event gives: nothing, or one or more scan codes.
  mutating func take(_ event: InputEvent) -> [KeyboardInput] {
    if event.type == InputEvent.synchronization { return synchronize(event.code) }
    guard event.type == InputEvent.key, !isDropping else { return [] }
    let isUp = event.value == 0
    let isRepeat = event.value == 2
    switch event.code {
    case 119:  // Pause says all at once, when it goes down.
      if isUp || isRepeat { return [] }
      return [.init(0x1D, .e1), .init(0x45), .init(0x1D, [.e1, .break]), .init(0x45, .break)]
    case 99:  // Print screen has a shift of its own.
      if isUp { return [.init(0x37, [.e0, .break]), .init(0x2A, [.e0, .break])] }
      return isRepeat ? [.init(0x37, .e0)] : [.init(0x2A, .e0), .init(0x37, .e0)]
    default:
      guard var input = Self.make(event.code) else { return [] }
      if isUp { input.flags.insert(.break) }
      return [input]
    }
  }

  private mutating func synchronize(_ code: UInt16) -> [KeyboardInput] {
    // SYN_DROPPED, SYN_REPORT
    if code == 3, !isDropping {
      isDropping = true
      return [.overrun]
    }
    if code == 0 { isDropping = false }
    return []
  }

  /// The code of a key that goes down; nil for a key that no keyboard of a PC has.
  private static func make(_ key: UInt16) -> KeyboardInput? {
    // The first keys of Linux have the numbers of set 1.
    if (1...83).contains(key) { return KeyboardInput(key) }
    if let code = plain[key] { return KeyboardInput(code) }
    return extended[key].map { KeyboardInput($0, .e0) }
  }

  private static let plain: [UInt16: UInt16] = [
    85: 0x76, 86: 0x56, 87: 0x57, 88: 0x58, 89: 0x73, 92: 0x79, 93: 0x70, 94: 0x7B, 95: 0x5C,
    117: 0x59, 121: 0x7E, 122: 0xF2, 123: 0xF1, 124: 0x7D,
    // F13 to F24
    183: 0x64, 184: 0x65, 185: 0x66, 186: 0x67, 187: 0x68, 188: 0x69, 189: 0x6A, 190: 0x6B,
    191: 0x6C, 192: 0x6D, 193: 0x6E, 194: 0x76,
  ]

  private static let extended: [UInt16: UInt16] = [
    // Enter and slash of the number pad, right control and alt
    96: 0x1C, 97: 0x1D, 98: 0x35, 100: 0x38,
    // Home, up, page up, left, right, end, down, page down, insert, delete
    102: 0x47, 103: 0x48, 104: 0x49, 105: 0x4B, 106: 0x4D, 107: 0x4F, 108: 0x50, 109: 0x51,
    110: 0x52, 111: 0x53,
    // Mute, volume down and up, power, the Windows keys, menu, sleep, wake
    113: 0x20, 114: 0x2E, 115: 0x30, 116: 0x5E, 125: 0x5B, 126: 0x5C, 127: 0x5D, 142: 0x5F,
    143: 0x63,
    // Stop, calculator, mail, favourites, computer, back, forward, home page, refresh, search, media
    128: 0x68, 140: 0x21, 155: 0x6C, 156: 0x66, 157: 0x6B, 158: 0x6A, 159: 0x69, 172: 0x32,
    173: 0x67, 217: 0x65, 226: 0x6D,
    // Next track, play, previous track, stop
    163: 0x19, 164: 0x22, 165: 0x10, 166: 0x24,
  ]
}
