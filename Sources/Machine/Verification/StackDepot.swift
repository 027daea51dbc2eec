import CRing3
import Glibc

/// A stack that a ``StackDepot`` keeps; 0 is none.
package typealias StackNumber = UInt32

/// Stacks of drivers, each kept once, for the life of the machine.
///
/// What allocates, completes or locks notes a number of four bytes; equal stacks have equal numbers, so
/// that the number also stands for the place in the driver.
package struct StackDepot {
  /// The most frames that are kept of a stack.
  package static let frameCount = 16

  /// A stack: frames and where the chain of its bucket goes on.
  private struct Entry {
    var hash: UInt64
    var next: StackNumber
    var count: UInt32
    var frames: InlineArray<16, UInt64>
  }

  private static let bucketCount = 4096
  private static let chunkShift = 10

  private var lock = MachineLock()
  private var buckets: UnsafeMutablePointer<StackNumber>
  private var chunks: UnsafeMutablePointer<UnsafeMutablePointer<Entry>?>
  private var count: StackNumber = 0
  /// Chunks of 1,024 stacks, at most: 4 million stacks.
  private static let chunkCount = 4096

  init() {
    buckets = .allocate(capacity: Self.bucketCount)
    buckets.initialize(repeating: 0, count: Self.bucketCount)
    chunks = .allocate(capacity: Self.chunkCount)
    chunks.initialize(repeating: nil, count: Self.chunkCount)
  }

  mutating func destroy() {
    for index in 0..<Self.chunkCount { chunks[index]?.deallocate() }
    chunks.deallocate()
    buckets.deallocate()
  }

  /// The number of a stack; 0 for an empty one, and when there is no room for another.
  package mutating func number(of frames: UnsafePointer<UInt64>, _ count: Int) -> StackNumber {
    let count = min(count, Self.frameCount)
    if count == 0 { return 0 }
    let hash = Self.hash(frames, count)
    lock.lock()
    defer { lock.unlock() }
    let bucket = buckets + Int(hash % UInt64(Self.bucketCount))
    var next = bucket.pointee
    while next != 0 {
      let entry = entry(next)
      if entry.pointee.hash == hash, entry.pointee.count == UInt32(count),
        (0..<count).allSatisfy({ entry.pointee.frames[$0] == frames[$0] })
      {
        return next
      }
      next = entry.pointee.next
    }
    return add(frames, count, hash, bucket)
  }

  private mutating func add(
    _ frames: UnsafePointer<UInt64>, _ count: Int, _ hash: UInt64,
    _ bucket: UnsafeMutablePointer<StackNumber>
  ) -> StackNumber {
    let number = self.count + 1
    let chunk = Int(number) >> Self.chunkShift
    if chunk >= Self.chunkCount { return 0 }
    if chunks[chunk] == nil { chunks[chunk] = .allocate(capacity: 1 << Self.chunkShift) }
    self.count = number
    let entry = entry(number)
    entry.initialize(
      to: Entry(
        hash: hash, next: bucket.pointee, count: UInt32(count), frames: .init(repeating: 0)))
    for index in 0..<count { entry.pointee.frames[index] = frames[index] }
    bucket.pointee = number
    return number
  }

  private func entry(_ number: StackNumber) -> UnsafeMutablePointer<Entry> {
    chunks[Int(number) >> Self.chunkShift].unsafelyUnwrapped
      + Int(number) & (1 << Self.chunkShift - 1)
  }

  private static func hash(_ frames: UnsafePointer<UInt64>, _ count: Int) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in 0..<count { hash = (hash ^ frames[index]) &* 0x0000_0100_0000_01B3 }
    return hash ^ hash >> 29
  }

  /// The newest frame of a stack; 0 for none.
  package func newestFrame(of number: StackNumber) -> UInt64 {
    number == 0 || number > count ? 0 : entry(number).pointee.frames[0]
  }

  /// Calls `body` with each frame of a stack, the newest first.
  func forEachFrame(of number: StackNumber, _ body: (UInt64) -> Void) {
    if number == 0 || number > count { return }
    let entry = entry(number)
    for index in 0..<Int(entry.pointee.count) { body(entry.pointee.frames[index]) }
  }

  /// The frames of a stack, the newest first.
  package func frames(of number: StackNumber) -> [UInt64] {
    if number == 0 || number > count { return [] }
    let entry = entry(number)
    return (0..<Int(entry.pointee.count)).map { entry.pointee.frames[$0] }
  }
}
