import CDriverKit

// System time: 100-nanosecond units since 1 January 1601.

/// Units from 1601 to 1970 and to 1980, and of a second.
private var ticksPerSecond: Int64 { 10_000_000 }
private var secondsTo1970: Int64 { 11_644_473_600 }
private var secondsTo1980: Int64 { 11_960_006_400 }

@c(r3_RtlTimeToTimeFields)
package func rtlTimeToTimeFields(
  _ time: UnsafePointer<Int64>, _ fields: UnsafeMutablePointer<TIME_FIELDS>
) {
  // A negative time is a span, not a date: its bits are not worth a fault.
  let ticks = max(time.pointee, 0)
  let number = ticks / CalendarDay.ticks
  let milliseconds = ticks % CalendarDay.ticks / 10_000
  let day = CalendarDay(number: number)
  fields.pointee.Year = Int16(truncatingIfNeeded: day.year)
  fields.pointee.Month = Int16(truncatingIfNeeded: day.month)
  fields.pointee.Day = Int16(truncatingIfNeeded: day.day)
  fields.pointee.Hour = Int16(truncatingIfNeeded: milliseconds / 3_600_000)
  fields.pointee.Minute = Int16(truncatingIfNeeded: milliseconds / 60_000 % 60)
  fields.pointee.Second = Int16(truncatingIfNeeded: milliseconds / 1_000 % 60)
  fields.pointee.Milliseconds = Int16(truncatingIfNeeded: milliseconds % 1_000)
  fields.pointee.Weekday = Int16(truncatingIfNeeded: (number + 1) % 7)
}

/// Makes a time of a date; says whether it is one.
///
/// The weekday is not looked at.
@c(r3_RtlTimeFieldsToTime)
package func rtlTimeFieldsToTime(
  _ fields: UnsafePointer<TIME_FIELDS>, _ time: UnsafeMutablePointer<Int64>
) -> UInt8 {
  let f = fields.pointee
  let (year, month) = (Int64(f.Year), Int64(f.Month))
  guard year >= 1601, (1...12).contains(month), f.Day >= 1,
    Int64(f.Day) <= CalendarDay.length(ofMonth: month, year),
    (0...23).contains(f.Hour), (0...59).contains(f.Minute), (0...59).contains(f.Second),
    (0...999).contains(f.Milliseconds)
  else { return 0 }
  let day = CalendarDay.number(year: year, month: month, day: Int64(f.Day))
  let seconds = (Int64(f.Hour) * 60 + Int64(f.Minute)) * 60 + Int64(f.Second)
  let (ticks, overflowed) = day.multipliedReportingOverflow(by: CalendarDay.ticks)
  let (sum, carried) = ticks.addingReportingOverflow(
    seconds * ticksPerSecond + Int64(f.Milliseconds) * 10_000)
  guard !overflowed, !carried else { return 0 }
  time.pointee = sum
  return 1
}

@c(r3_RtlTimeToSecondsSince1970)
package func rtlTimeToSecondsSince1970(
  _ time: UnsafePointer<Int64>, _ seconds: UnsafeMutablePointer<UInt32>
) -> UInt8 {
  secondsSince(secondsTo1970, time, seconds)
}

@c(r3_RtlTimeToSecondsSince1980)
package func rtlTimeToSecondsSince1980(
  _ time: UnsafePointer<Int64>, _ seconds: UnsafeMutablePointer<UInt32>
) -> UInt8 {
  secondsSince(secondsTo1980, time, seconds)
}

@c(r3_RtlSecondsSince1970ToTime)
package func rtlSecondsSince1970ToTime(
  _ seconds: UInt32, _ time: UnsafeMutablePointer<Int64>
) {
  time.pointee = (Int64(seconds) + secondsTo1970) * ticksPerSecond
}

@c(r3_RtlSecondsSince1980ToTime)
package func rtlSecondsSince1980ToTime(
  _ seconds: UInt32, _ time: UnsafeMutablePointer<Int64>
) {
  time.pointee = (Int64(seconds) + secondsTo1980) * ticksPerSecond
}

/// The seconds since an epoch, when they fit into 32 bits.
private func secondsSince(
  _ epoch: Int64, _ time: UnsafePointer<Int64>, _ seconds: UnsafeMutablePointer<UInt32>
) -> UInt8 {
  let value = time.pointee / ticksPerSecond - epoch
  guard time.pointee >= 0, let fitting = UInt32(exactly: value) else { return 0 }
  seconds.pointee = fitting
  return 1
}
