import CDriverKit

/// When a wait gives up, as an interrupt time in units of 100 ns.
package struct Deadline: Equatable {
  package let time: UInt64

  @inlinable package init(time: UInt64) { self.time = time }

  /// The wait lasts until it is satisfied.
  @inlinable package static var never: Deadline { Deadline(time: .max) }
  /// The wait only looks and never sleeps.
  @inlinable package static var poll: Deadline { Deadline(time: 0) }

  /// So long from now.
  package static func after(_ units: UInt64) -> Deadline {
    let (sum, overflow) = Machine.current.interruptTime.addingReportingOverflow(units)
    return overflow ? never : Deadline(time: max(sum, 1))
  }

  package static func after(milliseconds: UInt64) -> Deadline { after(milliseconds * 10_000) }

  /// A Windows timeout: negative is relative, positive a system time, zero only looks, none lasts.
  package init(_ timeout: UnsafePointer<LARGE_INTEGER>?) {
    guard let timeout else {
      self = .never
      return
    }
    self.init(units: timeout.pointee.QuadPart)
  }

  package init(units: Int64) {
    switch units {
    case 0: self = .poll
    case ..<0: self = .after(units.magnitude)
    default: self.init(time: max(1, Machine.current.interruptTime(atSystemTime: UInt64(units))))
    }
  }
}
