import CDriverKit
import Rtl
import Testing

/// System time and the calendar.
@Suite struct TimeTests {
  let memory = TestMemory()

  struct Moment: Sendable {
    let time: Int64
    let fields: [Int16]
  }

  private func fields(_ time: Int64) -> TIME_FIELDS {
    let fields = memory.cell(TIME_FIELDS())
    rtlTimeToTimeFields(memory.cell(time), fields)
    return fields.pointee
  }

  private func array(_ f: TIME_FIELDS) -> [Int16] {
    [f.Year, f.Month, f.Day, f.Hour, f.Minute, f.Second, f.Milliseconds, f.Weekday]
  }

  @Test(
    "Known moments",
    arguments: [
      Moment(time: 0, fields: [1601, 1, 1, 0, 0, 0, 0, 1]),
      Moment(time: 116_444_736_000_000_000, fields: [1970, 1, 1, 0, 0, 0, 0, 4]),
      Moment(time: 125_911_584_000_000_000, fields: [2000, 1, 1, 0, 0, 0, 0, 6]),
      Moment(time: 125_963_424_000_000_000 - 10_000, fields: [2000, 2, 29, 23, 59, 59, 999, 2]),
      Moment(time: 133_484_895_123_450_000, fields: [2023, 12, 31, 9, 45, 12, 345, 0]),
      Moment(time: -1, fields: [1601, 1, 1, 0, 0, 0, 0, 1]),
      Moment(time: .max, fields: [30828, 9, 14, 2, 48, 5, 477, 4]),
    ])
  func moments(_ moment: Moment) {
    #expect(array(fields(moment.time)) == moment.fields)
  }

  @Test("Every day of a thousand years goes there and back")
  func roundTrip() {
    var (year, month, day) = (Int64(1601), Int64(1), Int64(1))
    for number in Int64(0)..<366_000 {
      let calendar = CalendarDay(number: number)
      guard (calendar.year, calendar.month, calendar.day) == (year, month, day),
        CalendarDay.number(year: year, month: month, day: day) == number
      else {
        Issue.record("day \(number) is \(calendar), not \(year)-\(month)-\(day)")
        return
      }
      day += 1
      if day > CalendarDay.length(ofMonth: month, year) { (day, month) = (1, month + 1) }
      if month > 12 { (month, year) = (1, year + 1) }
    }
  }

  @Test("Fields become the time they came from")
  func fieldsToTime() {
    var generator = Generator(seed: 3)
    for _ in 0..<500 {
      let time = Int64.random(in: 0...Int64.max, using: &generator) / 10_000 * 10_000
      let back = memory.cell(Int64(0))
      #expect(rtlTimeFieldsToTime(memory.cell(fields(time)), back) == 1)
      #expect(back.pointee == time)
    }
  }

  @Test(
    "What is no date is refused",
    arguments: [
      [1600, 12, 31, 0, 0, 0, 0], [2000, 0, 1, 0, 0, 0, 0], [2000, 13, 1, 0, 0, 0, 0],
      [2001, 2, 29, 0, 0, 0, 0], [2000, 4, 31, 0, 0, 0, 0], [2000, 1, 0, 0, 0, 0, 0],
      [2000, 1, 1, 24, 0, 0, 0], [2000, 1, 1, 0, 60, 0, 0], [2000, 1, 1, 0, 0, 60, 0],
      [2000, 1, 1, 0, 0, 0, 1000], [2000, 1, 1, -1, 0, 0, 0], [32767, 1, 1, 0, 0, 0, 0],
    ] as [[Int16]])
  func refused(_ f: [Int16]) {
    let fields = TIME_FIELDS(
      Year: f[0], Month: f[1], Day: f[2], Hour: f[3], Minute: f[4], Second: f[5],
      Milliseconds: f[6], Weekday: 0)
    let time = memory.cell(Int64(-5))
    #expect(rtlTimeFieldsToTime(memory.cell(fields), time) == 0)
    #expect(time.pointee == -5)
  }

  @Test("Seconds since 1970 and 1980 have 32 bits")
  func seconds() {
    let (time, seconds) = (memory.cell(Int64(0)), memory.cell(UInt32(9)))
    rtlSecondsSince1970ToTime(.max, time)
    #expect(array(fields(time.pointee)) == [2106, 2, 7, 6, 28, 15, 0, 0])
    #expect(rtlTimeToSecondsSince1970(time, seconds) == 1)
    #expect(seconds.pointee == .max)
    time.pointee += 10_000_000
    #expect(rtlTimeToSecondsSince1970(time, seconds) == 0)
    rtlSecondsSince1980ToTime(0, time)
    #expect(array(fields(time.pointee)) == [1980, 1, 1, 0, 0, 0, 0, 2])
    #expect(rtlTimeToSecondsSince1980(time, seconds) == 1)
    #expect(seconds.pointee == 0)
    time.pointee -= 1
    #expect(rtlTimeToSecondsSince1980(time, seconds) == 0)
    time.pointee = -1
    #expect(rtlTimeToSecondsSince1970(time, seconds) == 0)
  }
}
