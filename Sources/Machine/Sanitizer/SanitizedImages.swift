import Synchronization

/// What an image that is built with the address sanitizer has at the beginning of its section `KASAN`.
package struct SanitizerSection {
  private static let mark: UInt64 = 0x334E_4153_414B_3352
  /// Bytes of what the support sources put there.
  package static let byteCount = 24 + 500 * 16

  let address: UInt

  /// The section at an address; nil when other tools made it.
  package init?(at start: UnsafeMutableRawPointer) {
    guard start.load(fromByteOffset: 8, as: UInt64.self) == Self.mark else { return nil }
    address = UInt(bitPattern: start)
  }

  private var pointer: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
  }

  /// Tells the image's code where the shadow is.
  package func setShadow(_ base: UInt) {
    pointer.storeBytes(of: UInt64(base), as: UInt64.self)
  }

  /// The global whose bytes, or those kept free behind it, have the address.
  func global(at address: UInt) -> SanitizedGlobal? {
    let count = Int(pointer.load(fromByteOffset: 16, as: UInt64.self))
    for list in 0..<count {
      let first = pointer.load(fromByteOffset: 24 + list * 16, as: UnsafeRawPointer?.self)
      let globalCount = Int(pointer.load(fromByteOffset: 32 + list * 16, as: UInt64.self))
      guard let first else { continue }
      for index in 0..<globalCount {
        let global = SanitizedGlobal(pointer: first + index * SanitizedGlobal.byteCount)
        if global.room.contains(address) { return global }
      }
    }
    return nil
  }
}

/// A global as the compiler describes it to the sanitizer.
struct SanitizedGlobal {
  static let byteCount = 64

  let pointer: UnsafeRawPointer

  var start: UInt { pointer.load(as: UInt.self) }
  var size: UInt { pointer.load(fromByteOffset: 8, as: UInt.self) }
  var name: UnsafePointer<UInt8>? {
    pointer.load(fromByteOffset: 24, as: UnsafePointer<UInt8>?.self)
  }
  /// The global and what is kept free behind it.
  var room: Range<UInt> { start..<(start &+ pointer.load(fromByteOffset: 16, as: UInt.self)) }
}

/// The images of all machines that are built with the address sanitizer.
package enum SanitizedImages {
  private static let sections = Mutex<[(range: Range<UInt>, section: SanitizerSection)]>([])

  /// An image is there.
  package static func add(_ range: Range<UInt>, _ section: SanitizerSection) {
    sections.withLock { $0.append((range, section)) }
  }

  /// The memory of an image is given back.
  package static func remove(_ range: Range<UInt>) {
    sections.withLock { $0.removeAll { $0.range == range } }
  }

  /// The section of the image that has the address.
  static func section(of address: UInt) -> SanitizerSection? {
    sections.withLock { $0.first { $0.range.contains(address) }?.section }
  }
}
