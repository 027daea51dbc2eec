// The control codes of serial ports and what they carry, as ntddser.h has them.
import Ring3

extension IoControlCode {
  private static func serial(_ function: UInt16) -> IoControlCode {
    IoControlCode(deviceType: .serialPort, function: function, method: .buffered)
  }

  static let serialSetBaudRate = serial(1)
  static let serialSetQueueSize = serial(2)
  static let serialSetLineControl = serial(3)
  static let serialSetBreakOn = serial(4)
  static let serialSetBreakOff = serial(5)
  static let serialImmediateChar = serial(6)
  static let serialSetTimeouts = serial(7)
  static let serialGetTimeouts = serial(8)
  static let serialSetDtr = serial(9)
  static let serialClrDtr = serial(10)
  static let serialResetDevice = serial(11)
  static let serialSetRts = serial(12)
  static let serialClrRts = serial(13)
  static let serialSetXoff = serial(14)
  static let serialSetXon = serial(15)
  static let serialGetWaitMask = serial(16)
  static let serialSetWaitMask = serial(17)
  static let serialWaitOnMask = serial(18)
  static let serialPurge = serial(19)
  static let serialGetBaudRate = serial(20)
  static let serialGetLineControl = serial(21)
  static let serialGetChars = serial(22)
  static let serialSetChars = serial(23)
  static let serialGetHandflow = serial(24)
  static let serialSetHandflow = serial(25)
  static let serialGetModemStatus = serial(26)
  static let serialGetCommStatus = serial(27)
  static let serialGetProperties = serial(29)
  static let serialGetDtrRts = serial(30)
  static let serialConfigSize = serial(32)
  static let serialGetStats = serial(35)
  static let serialClearStats = serial(36)
  /// Of this driver alone: the path of the other end of a pseudo-terminal that it made, in UTF-8.
  public static let serialTerminalPath = serial(0x800)
}

/// SERIAL_LINE_CONTROL.
struct SerialLineControl: BitwiseCopyable, Equatable {
  /// 0: one, 1: one and a half, 2: two.
  var stopBits = 0 as UInt8
  /// 0: none, 1: odd, 2: even, 3: mark, 4: space.
  var parity = 0 as UInt8
  /// Data bits of a character, 5 to 8.
  var wordLength = 8 as UInt8

  /// Whether the three fit together.
  var isValid: Bool {
    guard (5...8).contains(wordLength), parity <= 4 else { return false }
    return switch stopBits {
    case 0: true
    case 1: wordLength == 5
    case 2: wordLength != 5
    default: false
    }
  }
}

/// SERIAL_TIMEOUTS, in milliseconds.
struct SerialTimeouts: BitwiseCopyable {
  var readInterval = 0 as UInt32
  var readMultiplier = 0 as UInt32
  var readConstant = 0 as UInt32
  var writeMultiplier = 0 as UInt32
  var writeConstant = 0 as UInt32
}

/// SERIAL_CHARS.
struct SerialChars: BitwiseCopyable {
  var eof = 0 as UInt8
  var error = 0 as UInt8
  var breakChar = 0 as UInt8
  var event = 0 as UInt8
  var xon = 0x11 as UInt8
  var xoff = 0x13 as UInt8
}

/// SERIAL_HANDFLOW.
struct SerialHandflow: BitwiseCopyable {
  /// SERIAL_DTR_CONTROL: the program sets DTR.
  var control = 1 as UInt32
  /// SERIAL_RTS_CONTROL: the program sets RTS.
  var flow = 0x40 as UInt32
  var xonLimit = 0 as Int32
  var xoffLimit = 0 as Int32

  /// DTR follows the room in the input.
  var isDtrAutomatic: Bool { control & 3 == 2 }
  /// RTS follows the room in the input, or what is sent.
  var isRtsAutomatic: Bool { flow & 0x80 != 0 }
  /// SERIAL_CTS_HANDSHAKE or SERIAL_RTS_HANDSHAKE.
  var usesRtsCts: Bool { control & 8 != 0 || flow & 0xC0 == 0x80 }
  /// SERIAL_AUTO_TRANSMIT: XOFF from the other end stops output.
  var obeysXoff: Bool { flow & 1 != 0 }
  /// SERIAL_AUTO_RECEIVE: a full input sends XOFF.
  var sendsXoff: Bool { flow & 2 != 0 }
  /// SERIAL_ERROR_CHAR, SERIAL_NULL_STRIPPING, SERIAL_BREAK_CHAR.
  var replacesErrors: Bool { flow & 4 != 0 }
  var stripsNulls: Bool { flow & 8 != 0 }
  var replacesBreaks: Bool { flow & 0x10 != 0 }

  func isValid(_ queueSize: Int) -> Bool {
    control & 0x7FFF_FF84 == 0 && flow & 0x7FFF_FF20 == 0 && control & 3 != 3
      && (0...queueSize).contains(Int(xonLimit)) && (0...queueSize).contains(Int(xoffLimit))
  }
}

/// SERIAL_STATUS.
struct SerialStatus: BitwiseCopyable {
  var errors = 0 as UInt32
  var holdReasons = 0 as UInt32
  var inputCount = 0 as UInt32
  var outputCount = 0 as UInt32
  var eofReceived = 0 as UInt8
  var waitsForImmediate = 0 as UInt8
  private var padding = 0 as UInt16
}

/// SERIALPERF_STATS.
struct SerialStats: BitwiseCopyable {
  var received = 0 as UInt32
  var transmitted = 0 as UInt32
  var frameErrors = 0 as UInt32
  var overruns = 0 as UInt32
  var bufferOverruns = 0 as UInt32
  var parityErrors = 0 as UInt32
}

/// SERIAL_COMMPROP.
struct SerialProperties: BitwiseCopyable {
  var packetLength = 64 as UInt16
  var packetVersion = 2 as UInt16
  var serviceMask = 1 as UInt32
  var reserved = 0 as UInt32
  var maxTxQueue = 0 as UInt32
  var maxRxQueue = 0 as UInt32
  /// SERIAL_BAUD_USER: more than the table has names for.
  var maxBaud = 0x1000_0000 as UInt32
  /// SERIAL_SP_RS232.
  var subType = 1 as UInt32
  var capabilities = 0 as UInt32
  var settableParameters = 0x7F as UInt32
  var settableBaud = 0x1007_FFFF as UInt32
  /// 5 to 8 data bits.
  var settableData = 0xF as UInt16
  /// One, one and a half and two stop bits; all five parities.
  var settableStopParity = 0x1F07 as UInt16
  var currentTxQueue = 0 as UInt32
  var currentRxQueue = 0 as UInt32
  private var specific = 0 as UInt64
  private var characters = 0 as UInt32
}

/// SERIAL_EV_...: what a program can wait for.
struct SerialEvents: OptionSet, BitwiseCopyable {
  let rawValue: UInt32
  static let received = SerialEvents(rawValue: 1)
  static let eventChar = SerialEvents(rawValue: 2)
  static let sent = SerialEvents(rawValue: 4)
  static let cts = SerialEvents(rawValue: 8)
  static let dsr = SerialEvents(rawValue: 0x10)
  static let carrier = SerialEvents(rawValue: 0x20)
  static let breakReceived = SerialEvents(rawValue: 0x40)
  static let error = SerialEvents(rawValue: 0x80)
  static let ring = SerialEvents(rawValue: 0x100)
  static let almostFull = SerialEvents(rawValue: 0x400)
  static let modem: SerialEvents = [.cts, .dsr, .carrier, .ring]
  static let all = SerialEvents(rawValue: 0x1FFF)
}
