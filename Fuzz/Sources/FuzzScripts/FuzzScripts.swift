import Script

/// What libFuzzer calls with each input: the bytes are a script, or an error marks the mistake.
@c(r3_fuzz_scripts)
public func fuzzScript(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  do throws(ScriptError) {
    use(try Script(bytes: bytes))
  } catch {
    precondition(error.line >= 1 && error.column >= 1)
    precondition(error.column <= error.text.count + 1 || error.text.count == 100)
    precondition(error.description.utf8.count < 4000 + error.message.utf8.count * 2)
  }
  return 0
}

/// The lines of a script that was accepted, without the blanks around them, mean the same again.
private func use(_ script: Script) {
  let text = script.actions.map(\.text).joined(separator: "\n")
  guard let again = try? Script(text) else { preconditionFailure("the same lines are refused") }
  precondition(again.actions.map(\.kind) == script.actions.map(\.kind))
  for action in script.actions {
    guard case .send(let request, _) = action.kind else { continue }
    if case .write(.data(let data), _) = request.operation {
      let bytes = try? data.bytes(maximum: 1 << 16) { (_) throws(ScriptData.Failure) in [] }
      if let bytes, let count = data.byteCount { precondition(bytes.count == Int(count)) }
    }
  }
}
