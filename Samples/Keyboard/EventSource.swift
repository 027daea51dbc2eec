// Where events come from: a device node of Linux, or a file that was recorded from one.
import Glibc
import Ring3

/// A device node, a pipe or a file with `struct input_event`s, open.
final class EventSource: Sendable {
  let descriptor: Int32
  /// Whether it is a device, which has lights and repeats keys by itself.
  let isDevice: Bool

  /// Opens a path.
  ///
  /// - Throws: STATUS_NO_SUCH_DEVICE when it cannot be opened.
  init(path: String) throws(NTStatus) {
    let flags = O_NONBLOCK | O_CLOEXEC | O_NOCTTY
    let writable = open(path, O_RDWR | flags)
    var number = 0 as Int32
    // EVIOCGVERSION
    isDevice = writable >= 0 && ioctl(writable, 0x8004_4501, &number) == 0
    if isDevice {
      descriptor = writable
    } else {
      // A pipe that is open for writing here would never end.
      if writable >= 0 { close(writable) }
      descriptor = open(path, O_RDONLY | flags)
    }
    guard descriptor >= 0 else { throw .noSuchDevice }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Reads what is there; nil at the end.
  func read(into bytes: inout [UInt8]) -> Int? {
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    if count > 0 { return count }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : nil
  }

  /// Sets the lights of a device: LED_NUML 0, LED_CAPSL 1, LED_SCROLLL 2.
  func setLights(_ lights: UInt16) throws(NTStatus) {
    guard isDevice else { return }
    let pairs: [(UInt16, UInt16)] = [(0, 2), (1, 4), (2, 1)]
    for (led, bit) in pairs {
      try write(
        InputEvent(type: InputEvent.light, code: led, value: lights & bit != 0 ? 1 : 0))
    }
    try write(InputEvent(type: InputEvent.synchronization, code: 0, value: 0))
  }

  private func write(_ event: InputEvent) throws(NTStatus) {
    var bytes = [UInt8](repeating: 0, count: InputEvent.byteCount)
    withUnsafeBytes(of: (event.type, event.code, event.value)) {
      bytes.replaceSubrange(16..., with: $0)
    }
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw .ioDeviceError }
  }

  /// Sets how keys of a device repeat: EVIOCSREP takes the delay and the period in milliseconds.
  func setRepeat(_ typematic: KeyboardTypematic) throws(NTStatus) {
    guard isDevice else { return }
    var values: [2 of UInt32] = [UInt32(typematic.delay), 1000 / UInt32(typematic.rate)]
    guard ioctl(descriptor, 0x4008_4503, &values) == 0 else { throw .ioDeviceError }
  }
}

extension NTStatus {
  /// The device does not do what it is told: `STATUS_IO_DEVICE_ERROR`.
  static let ioDeviceError = NTStatus(bits: 0xC000_0185)
}
