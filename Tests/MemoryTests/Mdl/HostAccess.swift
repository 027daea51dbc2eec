import CRing3
import Glibc

/// What the host lets anybody do at an address, asked without a fault.
enum HostAccess {
  static func canRead(_ address: UnsafeRawPointer?) -> Bool {
    address.map { r3_is_readable($0) } ?? false
  }

  /// Writes a zero byte there when that is possible.
  static func canWrite(_ address: UnsafeMutableRawPointer?) -> Bool {
    let zeros = open("/dev/zero", O_RDONLY)
    defer { close(zeros) }
    return read(zeros, address, 1) == 1
  }
}
