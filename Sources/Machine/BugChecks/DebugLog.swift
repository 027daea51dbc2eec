import CRing3
import Glibc

/// What drivers print, kept until it is asked for; the oldest bytes go first when it is full.
package struct DebugLog {
  static let capacity = 1 << 20

  var lock = MachineLock()
  var bytes: UnsafeMutablePointer<UInt8>?
  var count = 0
  var start = 0

  mutating func destroy() {
    free(bytes)
    bytes = nil
  }

  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    if bytes == nil { bytes = malloc(Self.capacity)?.assumingMemoryBound(to: UInt8.self) }
    guard let bytes else { return }
    for byte in text {
      bytes[(start + count) % Self.capacity] = byte
      if count < Self.capacity { count += 1 } else { start = (start + 1) % Self.capacity }
    }
  }
}

extension Machine {
  /// Adds to the debug output and hands it to the configured listener.
  package func debugOutput(_ text: UnsafeBufferPointer<UInt8>) {
    state.pointee.debugLog.lock.lock()
    state.pointee.debugLog.append(text)
    state.pointee.debugLog.lock.unlock()
    if let listener = state.pointee.configuration.debugOutput {
      listener(String(decoding: text, as: UTF8.self))
    }
  }

  /// Everything printed and still kept.
  package var debugText: String {
    state.pointee.debugLog.lock.lock()
    let log = state.pointee.debugLog
    var copy: [UInt8] = []
    if let bytes = log.bytes {
      copy.reserveCapacity(log.count)
      for index in 0..<log.count { copy.append(bytes[(log.start + index) % DebugLog.capacity]) }
    }
    state.pointee.debugLog.lock.unlock()
    return String(decoding: copy, as: UTF8.self)
  }
}
