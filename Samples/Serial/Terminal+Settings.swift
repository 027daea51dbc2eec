// How a tty sends and receives: from Windows' words to termios.
import Glibc
import Ring3

/// What a program set: speed, form of characters, flow control.
struct SerialSettings: BitwiseCopyable {
  var baudRate = 1200 as UInt32
  var line = SerialLineControl()
  var chars = SerialChars()
  var handflow = SerialHandflow()
  var timeouts = SerialTimeouts()
}

extension Terminal {
  /// The speeds that termios has.
  static let speeds: [UInt32: Int32] = [
    50: B50, 75: B75, 110: B110, 134: B134, 150: B150, 200: B200, 300: B300, 600: B600,
    1200: B1200, 1800: B1800, 2400: B2400, 4800: B4800, 9600: B9600, 19200: B19200,
    38400: B38400, 57600: B57600, 115200: B115200, 230400: B230400, 460800: B460800,
    500000: B500000, 576000: B576000, 921600: B921600, 1_000_000: B1000000,
    1_152_000: B1152000, 1_500_000: B1500000, 2_000_000: B2000000, 3_000_000: B3000000,
    4_000_000: B4000000,
  ].mapValues { Int32($0) }

  private static let markOrSpace: tcflag_t = 0o10_000_000_000
  private static let rtsCts: tcflag_t = 0o20_000_000_000

  /// Sets the tty up; a pseudo-terminal keeps 8 bits without parity, whatever it is told.
  ///
  /// - Throws: STATUS_INVALID_PARAMETER for a speed that there is not, or what the tty refuses.
  func apply(_ settings: SerialSettings) throws(NTStatus) {
    guard let speed = Self.speeds[settings.baudRate] else { throw .invalidParameter }
    var raw = termios()
    guard tcgetattr(descriptor, &raw) == 0 else { throw .deviceNotConnected }
    cfmakeraw(&raw)
    cfsetispeed(&raw, speed_t(speed))
    cfsetospeed(&raw, speed_t(speed))
    raw.c_cflag &= ~(tcflag_t(CSIZE | CSTOPB | PARENB | PARODD) | Self.markOrSpace | Self.rtsCts)
    raw.c_cflag |= tcflag_t(CREAD | CLOCAL) | Self.form(of: settings.line)
    if settings.handflow.usesRtsCts { raw.c_cflag |= Self.rtsCts }
    raw.c_iflag &= ~tcflag_t(IXON | IXOFF | IXANY | IGNBRK | BRKINT | PARMRK | INPCK | ISTRIP)
    if settings.handflow.obeysXoff { raw.c_iflag |= tcflag_t(IXON) }
    if settings.handflow.sendsXoff { raw.c_iflag |= tcflag_t(IXOFF) }
    if marksErrors { raw.c_iflag |= tcflag_t(PARMRK) }
    if settings.line.parity != 0 { raw.c_iflag |= tcflag_t(INPCK) }
    withUnsafeMutableBytes(of: &raw.c_cc) { characters in
      characters[Int(VSTART)] = settings.chars.xon
      characters[Int(VSTOP)] = settings.chars.xoff
    }
    if tcsetattr(descriptor, TCSANOW, &raw) != 0 { throw .invalidParameter }
  }

  private static func form(of line: SerialLineControl) -> tcflag_t {
    let sizes: [UInt8: Int32] = [5: CS5, 6: CS6, 7: CS7]
    var flags = tcflag_t(sizes[line.wordLength] ?? CS8)
    if line.stopBits != 0 { flags |= tcflag_t(CSTOPB) }
    switch line.parity {
    case 1: flags |= tcflag_t(PARENB | PARODD)
    case 2: flags |= tcflag_t(PARENB)
    case 3: flags |= tcflag_t(PARENB | PARODD) | markOrSpace
    case 4: flags |= tcflag_t(PARENB) | markOrSpace
    default: break
    }
    return flags
  }
}
