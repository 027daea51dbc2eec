import Glibc

/// What is kept of the order in which threads ran.
package struct ScheduleRecord {
  /// A point at which the turn may be given on: an export that a driver called, or came back from.
  package struct Point {
    /// The number of the thread, from 1 in the order in which they came.
    package let thread: UInt32
    /// A name that lives as long as the process, or the images.
    package let name: UnsafePointer<CChar>
    package let isReturn: Bool
  }

  /// As many of the last points are kept.
  package static let capacity = 64

  /// Points that were passed.
  package private(set) var pointCount = 0
  /// How often another thread went on.
  package internal(set) var switchCount = 0
  /// A number over all points and their threads: equal orders have equal numbers.
  package private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
  private var points: InlineArray<64, Point?> = .init(repeating: nil)

  mutating func add(_ point: Point) {
    points[pointCount % Self.capacity] = point
    pointCount += 1
    mix(UInt8(truncatingIfNeeded: point.thread))
    mix(UInt8(truncatingIfNeeded: point.thread >> 8))
    mix(point.isReturn ? 1 : 0)
    var next = point.name
    while next.pointee != 0 {
      mix(UInt8(bitPattern: next.pointee))
      next += 1
    }
  }

  private mutating func mix(_ byte: UInt8) {
    digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  /// The points that are kept, the oldest first.
  package var lastPoints: [Point] {
    let count = min(pointCount, Self.capacity)
    return (pointCount - count..<pointCount).compactMap { points[$0 % Self.capacity] }
  }
}
