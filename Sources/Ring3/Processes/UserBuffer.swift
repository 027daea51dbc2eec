import Glibc
import Machine
import Memory

/// Memory of a user process, at user addresses.
///
/// The pages get frames when they are first used. The buffer may be protected, trimmed or freed at
/// any time, as a program may, also while a request is using it.
public final class UserBuffer: Sendable {
  /// The process in whose address space the memory lies.
  public let process: UserProcess
  /// First user address; page aligned.
  public let address: UInt
  /// Bytes.
  public let count: Int

  /// Reserves `count` zeroed bytes, not resident yet.
  ///
  /// - Parameters:
  ///   - process: the process that gets the memory.
  ///   - count: 1 byte to 32 GiB.
  ///   - protection: what the pages may be used for.
  /// - Returns: nil when the process has no room left.
  public init?(_ process: UserProcess, count: Int, protection: PageProtection = .readWrite) {
    guard let address = process.process.commit(count, protection) else { return nil }
    self.process = process
    self.address = address
    self.count = count
  }

  deinit { process.process.decommit(address, count) }

  /// Changes what the pages may be used for.
  public func protect(_ protection: PageProtection) {
    process.process.protect(address, count, protection)
  }

  /// Takes the frames away; contents stay, and come back in other frames.
  public func trim() { process.process.trim(address, count) }

  /// Frees the pages before the buffer itself goes.
  public func unmap() { process.process.decommit(address, count) }

  /// Copies the contents, whatever the protection allows a program; nil when pages are gone.
  public var bytes: [UInt8]? { bytes(0..<count) }

  /// Copies part of the contents.
  public func bytes(_ range: Range<Int>) -> [UInt8]? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "Range outside the buffer.")
    var isCopied = true
    let result = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      if let base = buffer.baseAddress {
        isCopied = process.process.copyIn(
          from: address + UInt(range.lowerBound), range.count, to: base)
      }
      initialized = range.count
    }
    return isCopied ? result : nil
  }

  /// Writes bytes at an offset, as the program would.
  ///
  /// - Returns: false when the pages are gone or not writable.
  @discardableResult
  public func store(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
    precondition(offset >= 0 && offset + bytes.count <= count, "Bytes outside the buffer.")
    return bytes.withUnsafeBytes {
      guard let base = $0.baseAddress else { return true }
      return process.process.copyOut(to: address + UInt(offset), $0.count, from: base)
    }
  }
}
