// The control codes of keyboards and what they carry, as ntddkbd.h has them.
import Ring3

extension IoControlCode {
  private static func keyboard(_ function: UInt16) -> IoControlCode {
    IoControlCode(deviceType: .keyboard, function: function, method: .buffered)
  }

  public static let keyboardQueryAttributes = keyboard(0x00)
  public static let keyboardSetTypematic = keyboard(0x01)
  public static let keyboardSetIndicators = keyboard(0x02)
  public static let keyboardQueryTypematic = keyboard(0x08)
  public static let keyboardQueryIndicators = keyboard(0x10)
  public static let keyboardQueryIndicatorTranslation = keyboard(0x20)
}

/// KEYBOARD_INPUT_DATA: one scan code.
public struct KeyboardInput: BitwiseCopyable, Hashable, Sendable {
  /// Which keyboard it came from.
  public var unit = 0 as UInt16
  /// The scan code of set 1, without its prefix and without the bit for a release.
  public var makeCode: UInt16
  /// Whether the key went up, and the prefix.
  public var flags: Flags
  private var reserved = 0 as UInt16
  private var extraInformation = 0 as UInt32

  /// KEY_BREAK, KEY_E0, KEY_E1.
  public struct Flags: OptionSet, BitwiseCopyable, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The key went up.
    public static let `break` = Flags(rawValue: 1)
    /// The code had the prefix E0.
    public static let e0 = Flags(rawValue: 2)
    /// The code had the prefix E1.
    public static let e1 = Flags(rawValue: 4)
  }

  /// Makes a scan code.
  public init(_ makeCode: UInt16, _ flags: Flags = []) {
    (self.makeCode, self.flags) = (makeCode, flags)
  }

  /// KEYBOARD_OVERRUN_MAKE_CODE: keys were lost.
  public static let overrun = KeyboardInput(0xFF)
}

/// KEYBOARD_TYPEMATIC_PARAMETERS: how a key repeats that is held.
struct KeyboardTypematic: BitwiseCopyable, Equatable {
  var unit = 0 as UInt16
  /// Repeats in a second.
  var rate = 30 as UInt16
  /// Milliseconds until the first repeat.
  var delay = 250 as UInt16

  static let minimum = KeyboardTypematic(rate: 2, delay: 250)
  static let maximum = KeyboardTypematic(rate: 30, delay: 1000)
}

/// KEYBOARD_INDICATOR_PARAMETERS: which lights are on.
struct KeyboardIndicators: BitwiseCopyable, Equatable {
  var unit = 0 as UInt16
  /// 1: scroll lock, 2: num lock, 4: caps lock.
  var lights = 0 as UInt16
}

/// KEYBOARD_ATTRIBUTES.
struct KeyboardAttributes: BitwiseCopyable {
  /// An enhanced keyboard with 101 or 102 keys.
  var type = 4 as UInt8
  var subtype = 0 as UInt8
  /// Scan codes of set 1.
  var mode = 1 as UInt16
  var functionKeyCount = 12 as UInt16
  var indicatorCount = 3 as UInt16
  var keyCount = 101 as UInt16
  private var padding = 0 as UInt16
  /// Bytes that the queue holds.
  var queueByteCount: UInt32
  var minimum = KeyboardTypematic.minimum
  var maximum = KeyboardTypematic.maximum

  init(queueByteCount: UInt32) { self.queueByteCount = queueByteCount }
}

/// KEYBOARD_INDICATOR_TRANSLATION: which key belongs to which light.
struct KeyboardIndicatorTranslation: BitwiseCopyable {
  var count = 3 as UInt16
  var scrollLock: (UInt16, UInt16) = (0x46, 1)
  var numLock: (UInt16, UInt16) = (0x45, 2)
  var capsLock: (UInt16, UInt16) = (0x3A, 4)
}
