import CDriverKit
import Glibc

// Structures of drivers that begin with their size, and grew from version to version.
extension Framework {
  /// A copy of a structure of a driver, with zeros for what its version lacks.
  ///
  /// - Parameter sizes: the sizes that versions of the framework know.
  /// - Returns: nil when the size that the driver wrote is none of them.
  func read<T>(_ address: UnsafePointer<T>, _ sizes: Int..., zero: T) -> T? {
    let size = Int(UnsafeRawPointer(address).loadUnaligned(as: UInt32.self))
    guard size == MemoryLayout<T>.size || sizes.contains(size), size <= MemoryLayout<T>.size else {
      return nil
    }
    var copy = zero
    withUnsafeMutableBytes(of: &copy) { copy in
      if let start = copy.baseAddress { memcpy(start, address, size) }
    }
    return copy
  }
}
