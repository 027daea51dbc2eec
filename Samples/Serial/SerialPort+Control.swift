// The control codes that terminal programs use.
import Ring3

extension SerialPort {
  /// Handles a control request, at PASSIVE_LEVEL.
  func control(_ request: consuming Request, _ code: IoControlCode) throws {
    switch code {
    case .serialSetWaitMask: try setWaitMask(request)
    case .serialWaitOnMask: try waitOnMask(request)
    case .serialGetWaitMask: request.complete(returning: state.withLock { $0.waitMask.rawValue })
    case .serialPurge:
      let bits = try request.readInput(UInt32.self)
      guard bits != 0, bits & ~0xF == 0 else { throw NTStatus.invalidParameter }
      purge(Purge(rawValue: bits))
      request.complete()
    case .serialGetCommStatus: request.complete(returning: try status())
    case .serialGetProperties: request.complete(returning: try properties())
    case .serialGetStats: request.complete(returning: state.withLock { $0.stats })
    case .serialClearStats:
      state.withLock { $0.stats = SerialStats() }
      request.complete()
    // There is no configuration block.
    case .serialConfigSize: request.complete(returning: 0 as UInt32)
    case .serialTerminalPath: try answerPath(request)
    default: try controlSettings(request, code)
    }
  }

  private func status() throws -> SerialStatus {
    let outputCount = try terminal.outputCount
    return state.withLock { state in
      var status = SerialStatus()
      // Told once.
      (status.errors, state.errors) = (state.errors, 0)
      status.inputCount = UInt32(state.input.count)
      let waiting = state.writeTerms.map { $0.count - $0.sent } ?? 0
      status.outputCount = UInt32(outputCount + waiting)
      return status
    }
  }

  private func properties() throws -> SerialProperties {
    var properties = SerialProperties()
    // Parity check, XON/XOFF, settable XON and XOFF, total and interval timeouts.
    properties.capabilities = 0x8 | 0x10 | 0x20 | 0x40 | 0x80
    // DTR and DSR, RTS and CTS, carrier.
    if try terminal.hasModemLines { properties.capabilities |= 0x1 | 0x2 | 0x4 }
    properties.currentRxQueue = UInt32(state.withLock { $0.queueSize })
    return properties
  }

  private func answerPath(_ request: consuming Request) throws {
    guard let path = try terminal.otherPath else { throw NTStatus.notFound }
    let text = Array(path.utf8)
    var output = try request.output(atLeast: text.count)
    output.copy(from: text.span.bytes)
    request.complete(information: text.count)
  }
}
