// The sscanf family. Each `%s`, `%c` and `%[` takes two arguments: the buffer and its size in units.

@c(r3_sscanf_s)
package func crtSscanfS(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  scan(arguments[0], .max, arguments[1], arguments + 2, isWide: false)
}

@c(r3__snscanf_s)
package func crtSnscanfS(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  scan(arguments[0], UInt(arguments[1]), arguments[2], arguments + 3, isWide: false)
}

@c(r3_swscanf_s)
package func crtSwscanfS(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  scan(arguments[0], .max, arguments[1], arguments + 2, isWide: true)
}

@c(r3__snwscanf_s)
package func crtSnwscanfS(_ arguments: UnsafePointer<UInt64>) -> Int32 {
  scan(arguments[0], UInt(arguments[1]), arguments[2], arguments + 3, isWide: true)
}

private func scan(
  _ input: UInt64, _ limit: UInt, _ format: UInt64, _ arguments: UnsafePointer<UInt64>,
  isWide: Bool
) -> Int32 {
  func text(_ address: UInt64) -> FormatText {
    FormatText(
      address: UnsafeRawPointer(faulting(address: address, as: UInt8.self)), isWide: isWide)
  }
  var scanner = Scanner(text(input), limit: limit, arguments: arguments)
  return scanner.run(text(format))
}
