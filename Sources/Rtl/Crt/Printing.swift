// The printf family. `EXPORT_VARIADIC` gives one pointer to all arguments, the fixed ones first.

// MARK: Bytes

@c(r3_sprintf)
package func crtSprintf(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.unbounded(
    .bytes(arguments[0]), .bytes(arguments[1]), arguments + 2)
}

@c(r3_vsprintf)
package func crtVsprintf(
  _ buffer: UInt64, _ format: UInt64, _ arguments: UnsafePointer<UInt64>
) -> Int32 {
  Printing.unbounded(.bytes(buffer), .bytes(format), arguments)
}

@c(r3__snprintf)
package func crtSnprintf(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.counted(
    .bytes(arguments[0]), count: UInt(arguments[1]), .bytes(arguments[2]), arguments + 3)
}

@c(r3__vsnprintf)
package func crtVsnprintf(
  _ buffer: UInt64, _ count: UInt, _ format: UInt64, _ arguments: UnsafePointer<UInt64>
) -> Int32 {
  Printing.counted(.bytes(buffer), count: count, .bytes(format), arguments)
}

@c(r3_sprintf_s)
package func crtSprintfS(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.checked(
    .bytes(arguments[0]), size: UInt(arguments[1]), .bytes(arguments[2]), arguments + 3)
}

@c(r3_vsprintf_s)
package func crtVsprintfS(
  _ buffer: UInt64, _ size: UInt, _ format: UInt64, _ arguments: UnsafePointer<UInt64>
) -> Int32 {
  Printing.checked(.bytes(buffer), size: size, .bytes(format), arguments)
}

@c(r3__snprintf_s)
package func crtSnprintfS(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.checked(
    .bytes(arguments[0]), size: UInt(arguments[1]), count: UInt(arguments[2]),
    .bytes(arguments[3]), arguments + 4)
}

@c(r3__vsnprintf_s)
package func crtVsnprintfS(
  _ buffer: UInt64, _ size: UInt, _ count: UInt, _ format: UInt64,
  _ arguments: UnsafePointer<UInt64>
) -> Int32 {
  Printing.checked(.bytes(buffer), size: size, count: count, .bytes(format), arguments)
}

/// The length that `_vsnprintf` would write.
@c(r3__vscprintf)
package func crtVscprintf(_ format: UInt64, _ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.counted(.bytes(0), count: 0, .bytes(format), arguments)
}

// MARK: UTF-16

/// The length that `_vsnwprintf` would write.
@c(r3__vscwprintf)
package func crtVscwprintf(_ format: UInt64, _ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.counted(.units(0), count: 0, .units(format), arguments)
}

@c(r3_swprintf)
package func crtSwprintf(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.unbounded(.units(arguments[0]), .units(arguments[1]), arguments + 2)
}

@c(r3__vswprintf)
package func crtVswprintf(
  _ buffer: UInt64, _ format: UInt64, _ arguments: UnsafePointer<UInt64>
) -> Int32 {
  Printing.unbounded(.units(buffer), .units(format), arguments)
}

@c(r3__snwprintf)
package func crtSnwprintf(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.counted(
    .units(arguments[0]), count: UInt(arguments[1]), .units(arguments[2]), arguments + 3)
}

@c(r3__vsnwprintf)
package func crtVsnwprintf(
  _ buffer: UInt64, _ count: UInt, _ format: UInt64, _ arguments: UnsafePointer<UInt64>
) -> Int32 {
  Printing.counted(.units(buffer), count: count, .units(format), arguments)
}

@c(r3_swprintf_s)
package func crtSwprintfS(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.checked(
    .units(arguments[0]), size: UInt(arguments[1]), .units(arguments[2]), arguments + 3)
}

@c(r3_vswprintf_s)
package func crtVswprintfS(
  _ buffer: UInt64, _ size: UInt, _ format: UInt64, _ arguments: UnsafePointer<UInt64>
) -> Int32 {
  Printing.checked(.units(buffer), size: size, .units(format), arguments)
}

@c(r3__snwprintf_s)
package func crtSnwprintfS(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  Printing.checked(
    .units(arguments[0]), size: UInt(arguments[1]), count: UInt(arguments[2]),
    .units(arguments[3]), arguments + 4)
}

@c(r3__vsnwprintf_s)
package func crtVsnwprintfS(
  _ buffer: UInt64, _ size: UInt, _ count: UInt, _ format: UInt64,
  _ arguments: UnsafePointer<UInt64>
) -> Int32 {
  Printing.checked(.units(buffer), size: size, count: count, .units(format), arguments)
}

/// A buffer or a format of the driver, in bytes or in UTF-16 units.
private enum PrintingText {
  case bytes(UInt64)
  case units(UInt64)

  var address: UnsafeMutableRawPointer? {
    switch self {
    case .bytes(let address), .units(let address):
      UnsafeMutableRawPointer(bitPattern: UInt(address))
    }
  }

  var encoding: FormatOutput.Encoding {
    switch self {
    case .bytes: .ansi
    case .units: .utf16
    }
  }

  var format: FormatText {
    FormatText(address: UnsafeRawPointer(faulting(address)), isWide: encoding == .utf16)
  }
}

/// The three rules for what happens when the text does not fit.
private enum Printing {
  /// `sprintf`: the caller promises the room.
  static func unbounded(
    _ buffer: PrintingText, _ format: PrintingText, _ arguments: UnsafePointer<UInt64>
  ) -> Int32 {
    let output = FormatOutput(buffer.address, capacity: .max, encoding: buffer.encoding)
    var formatter = Formatter(output, arguments: arguments)
    let count = formatter.run(format.format)
    formatter.output.terminate(at: count)
    return Int32(truncatingIfNeeded: count)
  }

  /// `_snprintf`: fills the buffer, terminates only when there is room, -1 when it was too small.
  static func counted(
    _ buffer: PrintingText, count limit: UInt, _ format: PrintingText,
    _ arguments: UnsafePointer<UInt64>
  ) -> Int32 {
    let output = FormatOutput(buffer.address, capacity: limit, encoding: buffer.encoding)
    var formatter = Formatter(output, arguments: arguments)
    let count = formatter.run(format.format)
    if buffer.address == nil && limit == 0 { return Int32(truncatingIfNeeded: count) }
    if UInt(bitPattern: count) < limit { formatter.output.terminate(at: count) }
    return UInt(bitPattern: count) <= limit ? Int32(truncatingIfNeeded: count) : -1
  }

  /// `sprintf_s`, `_snprintf_s`: always terminates; what does not fit is an error and leaves an
  /// empty string, unless the count asks to cut it off.
  static func checked(
    _ buffer: PrintingText, size: UInt, count limit: UInt? = nil, _ format: PrintingText,
    _ arguments: UnsafePointer<UInt64>
  ) -> Int32 {
    guard buffer.address != nil, size > 0 else { return -1 }
    guard format.address != nil else {
      FormatOutput(buffer.address, capacity: size, encoding: buffer.encoding).terminate(at: 0)
      return -1
    }
    let truncates = limit == CrtError.truncate
    let room = min(size &- 1, limit ?? .max)
    let output = FormatOutput(buffer.address, capacity: room, encoding: buffer.encoding)
    var formatter = Formatter(output, arguments: arguments)
    let count = UInt(bitPattern: formatter.run(format.format))
    if count <= room {
      formatter.output.terminate(at: Int(bitPattern: count))
      return Int32(truncatingIfNeeded: count)
    }
    // A limit below the size cuts the text without being an error of the buffer.
    let keeps = truncates || (limit.map { $0 < size } ?? false)
    formatter.output.terminate(at: keeps ? Int(bitPattern: room) : 0)
    return -1
  }
}
