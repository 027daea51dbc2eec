import CRing3
import Machine

/// An image with driver code, as far as unwinding needs it.
package struct CodeImage: @unchecked Sendable {
  package var base: UInt64
  package var size: UInt64
  /// The function table (.pdata), sorted by address.
  package var functions: UnsafePointer<R3RuntimeFunction>?
  package var functionCount: Int

  package init(
    base: UInt64, size: UInt64, functions: UnsafePointer<R3RuntimeFunction>?, functionCount: Int
  ) {
    self.base = base
    self.size = size
    self.functions = functions
    self.functionCount = functionCount
  }

  @inline(__always)
  func contains(_ address: UInt64) -> Bool { address &- base < size }

  /// The address of `count` bytes at an offset from the base; nil when they are not in the image.
  @inline(__always)
  func bytes(at offset: UInt32, _ count: Int) -> UnsafeRawPointer? {
    guard UInt64(offset) + UInt64(count) <= size else { return nil }
    return UnsafeRawPointer(bitPattern: UInt(base) + UInt(offset))
  }

  /// The entry of the function that contains `pc`; nil for a leaf function.
  func function(at pc: UInt64) -> UnsafePointer<R3RuntimeFunction>? {
    guard let functions, contains(pc) else { return nil }
    let offset = UInt32(truncatingIfNeeded: pc &- base)
    var low = 0
    var high = functionCount
    while low < high {
      let middle = (low + high) >> 1
      let entry = functions + middle
      if offset < entry.pointee.begin {
        high = middle
      } else if offset >= entry.pointee.end {
        low = middle + 1
      } else {
        return resolved(entry)
      }
    }
    return nil
  }

  /// Follows an entry that only refers to another one.
  private func resolved(
    _ entry: UnsafePointer<R3RuntimeFunction>
  ) -> UnsafePointer<R3RuntimeFunction>? {
    guard entry.pointee.unwindInfo & 1 != 0 else { return entry }
    return bytes(at: entry.pointee.unwindInfo & ~1, MemoryLayout<R3RuntimeFunction>.size)?
      .assumingMemoryBound(to: R3RuntimeFunction.self)
  }
}

/// The images of one machine.
///
/// Read without a lock, also from a fault; written under one.
package struct CodeTable {
  static let capacity = 512

  private let images: UnsafeMutablePointer<CodeImage>
  private var count = 0
  private var lock = MachineLock()

  init() {
    images = .allocate(capacity: Self.capacity)
    images.initialize(
      repeating: CodeImage(base: 0, size: 0, functions: nil, functionCount: 0),
      count: Self.capacity)
  }

  func destroy() { images.deallocate() }

  /// Adds an image; false when there are too many.
  package mutating func insert(_ image: CodeImage) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    var index = 0
    while index < count, images[index].size != 0 { index += 1 }
    guard index < Self.capacity else { return false }
    images[index].base = image.base
    images[index].functions = image.functions
    images[index].functionCount = image.functionCount
    r3_store64(sizeAddress(index), image.size)
    if index == count { count += 1 }
    return true
  }

  /// Removes the image at `base`; no thread may run in it any more.
  package mutating func remove(base: UInt64) {
    lock.lock()
    defer { lock.unlock() }
    for index in 0..<count where images[index].size != 0 && images[index].base == base {
      r3_store64(sizeAddress(index), 0)
    }
  }

  /// The image that contains an address.
  package func image(containing address: UInt64) -> CodeImage? {
    var index = 0
    while index < count {
      if images[index].contains(address) { return images[index] }
      index += 1
    }
    return nil
  }

  /// The number of the image that contains an address, from 1, in the upper half, and the offset in it;
  /// 0 for other code.
  func place(of address: UInt64) -> UInt64 {
    for index in 0..<count where images[index].contains(address) {
      return UInt64(index + 1) << 32 | address &- images[index].base
    }
    return 0
  }

  private func sizeAddress(_ index: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(images + index) + MemoryLayout<CodeImage>.offset(of: \.size)!
  }
}
