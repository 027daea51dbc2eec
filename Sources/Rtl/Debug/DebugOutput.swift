import Machine
import NTTypes

// DbgPrint and its kin. One call prints 512 bytes at most, as on Windows.

/// The longest text of one call, in bytes.
private var longestOutput: Int { 512 }

/// DbgPrint is shown whatever the filters say.
@c(r3_DbgPrint)
package func dbgPrint(_ arguments: UnsafePointer<UInt64>) -> UInt32 {
  printText(prefix: nil, format: faulting(address: arguments[0]), arguments + 1)
}

@c(r3_DbgPrintReturnControlC)
package func dbgPrintReturnControlC(_ arguments: UnsafePointer<UInt64>) -> UInt32 {
  dbgPrint(arguments)
}

@c(r3_DbgPrintEx)
package func dbgPrintEx(_ arguments: UnsafePointer<UInt64>) -> UInt32 {
  vDbgPrintEx(
    UInt32(truncatingIfNeeded: arguments[0]), UInt32(truncatingIfNeeded: arguments[1]),
    faulting(address: arguments[2]), arguments + 3)
}

@c(r3_vDbgPrintEx)
package func vDbgPrintEx(
  _ component: UInt32, _ level: UInt32, _ format: UnsafeMutablePointer<UInt8>,
  _ arguments: UnsafePointer<UInt64>
) -> UInt32 {
  vDbgPrintExWithPrefix(nil, component, level, format, arguments)
}

@c(r3_vDbgPrintExWithPrefix)
package func vDbgPrintExWithPrefix(
  _ prefix: UnsafePointer<UInt8>?, _ component: UInt32, _ level: UInt32,
  _ format: UnsafeMutablePointer<UInt8>, _ arguments: UnsafePointer<UInt64>
) -> UInt32 {
  guard Machine.current.shows(component: component, DebugLevel(level)) else {
    return NTStatus.success.bits
  }
  return printText(prefix: prefix, format: format, arguments)
}

/// Shows a question; nobody is there to answer, so the answer is empty.
@c(r3_DbgPrompt)
package func dbgPrompt(
  _ question: UnsafePointer<UInt8>, _ answer: UnsafeMutablePointer<UInt8>, _ size: UInt32
) -> UInt32 {
  emit(UnsafeBufferPointer(start: question, count: question.textLength(atMost: 512)))
  if size > 0 { answer.pointee = 0 }
  return 0
}

/// Formats into a buffer on this stack and hands the text over.
private func printText(
  prefix: UnsafePointer<UInt8>?, format: UnsafeMutablePointer<UInt8>,
  _ arguments: UnsafePointer<UInt64>
) -> UInt32 {
  var storage = InlineArray<512, UInt8>(repeating: 0)
  withUnsafeMutableBytes(of: &storage) { buffer in
    var output = FormatOutput(
      buffer.baseAddress, capacity: UInt(longestOutput), encoding: .utf8)
    if let prefix {
      var at = 0
      while prefix[at] != 0 {
        output.append(UInt16(prefix[at]))
        at &+= 1
      }
    }
    var formatter = Formatter(output, arguments: arguments)
    let count = min(formatter.run(FormatText(bytes: format)), longestOutput)
    emit(UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[..<count]))
  }
  return NTStatus.success.bits
}

private func emit(_ text: UnsafeBufferPointer<UInt8>) {
  guard !text.isEmpty else { return }
  Machine.current.debugOutput(text)
}
