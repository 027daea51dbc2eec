// A tty of the host, through termios.
import Glibc
import Ring3

/// A tty that is open, or one end of a pseudo-terminal.
final class Terminal: Sendable {
  let descriptor: Int32
  /// The other end of a pseudo-terminal that was made here, kept open so that the end stays alive.
  private let otherEnd: Int32
  /// Where programs of the host find that other end; nil for a tty that was opened.
  let otherPath: String?
  /// Whether the tty has modem lines: DTR, RTS, CTS, DSR, DCD, RI.
  let hasModemLines: Bool

  /// Whether breaks and errors are marked in the input; the first end of a pseudo-terminal has no line.
  var marksErrors: Bool { otherPath == nil }

  /// Opens a tty.
  init(path: String) throws(NTStatus) {
    descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    (otherEnd, otherPath) = (-1, nil)
    var lines = 0 as Int32
    hasModemLines = descriptor >= 0 && ioctl(descriptor, Self.getModem, &lines) == 0
    guard descriptor >= 0, isatty(descriptor) == 1 else { throw .noSuchDevice }
  }

  /// Makes a pseudo-terminal.
  init() throws(NTStatus) {
    descriptor = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    hasModemLines = false
    var (unlocked, number) = (0 as Int32, 0 as Int32)
    guard descriptor >= 0, ioctl(descriptor, Self.setLock, &unlocked) == 0,
      ioctl(descriptor, Self.getNumber, &number) == 0
    else {
      (otherEnd, otherPath) = (-1, nil)
      throw .noSuchDevice
    }
    otherPath = "/dev/pts/\(number)"
    otherEnd = Glibc.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit {
    if otherEnd >= 0 { close(otherEnd) }
    if descriptor >= 0 { close(descriptor) }
  }

  // MARK: Bytes

  /// Reads what is there; nil when the other end is gone.
  func read(into bytes: inout [UInt8]) -> Int? {
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    if count > 0 { return count }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : nil
  }

  /// Writes what there is room for.
  func write(_ bytes: UnsafeRawBufferPointer) throws(NTStatus) -> Int {
    guard !bytes.isEmpty else { return 0 }
    let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw .deviceNotConnected
  }

  /// Bytes that the tty still has to send.
  var outputCount: Int {
    var count = 0 as Int32
    return ioctl(descriptor, 0x5411, &count) == 0 ? Int(count) : 0
  }

  func flushInput() { tcflush(descriptor, TCIFLUSH) }
  func flushOutput() { tcflush(descriptor, TCOFLUSH) }
  func holdOutput(_ holds: Bool) { tcflow(descriptor, holds ? TCOOFF : TCOON) }

  // MARK: Lines

  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430
  private static let getModem: UInt = 0x5415
  private static let setBits: UInt = 0x5416
  private static let clearBits: UInt = 0x5417

  func setBreak(_ isOn: Bool) { _ = ioctl(descriptor, isOn ? 0x5427 : 0x5428, 0 as Int32) }

  /// A modem line that a program sets.
  enum OutputLine: Int32 { case dtr = 2, rts = 4 }

  func set(_ line: OutputLine, _ isOn: Bool) {
    var bits = line.rawValue
    _ = ioctl(descriptor, isOn ? Self.setBits : Self.clearBits, &bits)
  }

  /// The modem lines as Windows has them: CTS 0x10, DSR 0x20, RI 0x40, DCD 0x80, DTR 1, RTS 2.
  var modemLines: UInt32 {
    var lines = 0 as Int32
    guard hasModemLines, ioctl(descriptor, Self.getModem, &lines) == 0 else { return 0 }
    let pairs: [(Int32, UInt32)] = [
      (0x2, 1), (0x4, 2), (0x20, 0x10), (0x100, 0x20), (0x80, 0x40), (0x40, 0x80),
    ]
    return pairs.reduce(0) { lines & $1.0 != 0 ? $0 | $1.1 : $0 }
  }
}

extension NTStatus {
  /// The tty is gone: `STATUS_DEVICE_NOT_CONNECTED`.
  static let deviceNotConnected = NTStatus(bits: 0xC000_009D)
}
