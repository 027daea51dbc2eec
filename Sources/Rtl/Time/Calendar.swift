/// A day of the Gregorian calendar, counted from 1 January 1601, a Monday.
package struct CalendarDay {
  /// 100-nanosecond units of a day.
  package static var ticks: Int64 { 864_000_000_000 }

  package var year: Int64
  package var month: Int64
  package var day: Int64

  /// Takes a number of days apart; 400 years have 146,097 days and 1601 begins such a span.
  package init(number: Int64) {
    var rest = number
    let spans = rest / 146_097
    rest %= 146_097
    // The last year of a century and of a span may be short: the last index is one too many.
    let centuries = min(rest / 36_524, 3)
    rest -= centuries * 36_524
    let fours = rest / 1_461
    rest -= fours * 1_461
    let years = min(rest / 365, 3)
    rest -= years * 365
    year = 1601 + spans * 400 + centuries * 100 + fours * 4 + years
    month = 1
    while month < 12, rest >= Self.length(ofMonth: month, year) {
      rest -= Self.length(ofMonth: month, year)
      month += 1
    }
    day = rest + 1
  }

  /// The number of a day; the caller has checked month and day.
  package static func number(year: Int64, month: Int64, day: Int64) -> Int64 {
    let years = year - 1601
    var number = years * 365 + years / 4 - years / 100 + years / 400 + day - 1
    for earlier in 1..<month { number += length(ofMonth: earlier, year) }
    return number
  }

  package static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  package static func length(ofMonth month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
