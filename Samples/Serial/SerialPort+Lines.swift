// Lines beside those for data: DTR, RTS, break, and stopping output.
import Ring3

extension SerialPort {
  /// Handles a control request for lines; other codes are not known.
  func controlLines(_ request: consuming Request, _ code: IoControlCode) throws {
    let terminal = try terminal
    switch code {
    case .serialSetDtr, .serialClrDtr:
      guard !state.withLock({ $0.settings.handflow.isDtrAutomatic }) else {
        throw NTStatus.invalidParameter
      }
      set(.dtr, code == .serialSetDtr, terminal)
    case .serialSetRts, .serialClrRts:
      guard !state.withLock({ $0.settings.handflow.isRtsAutomatic }) else {
        throw NTStatus.invalidParameter
      }
      set(.rts, code == .serialSetRts, terminal)
    case .serialGetDtrRts: return request.complete(returning: outputLines(terminal))
    case .serialGetModemStatus:
      return request.complete(returning: terminal.modemLines & 0xF0)
    case .serialSetBreakOn: terminal.setBreak(true)
    case .serialSetBreakOff: terminal.setBreak(false)
    case .serialSetXoff: terminal.holdOutput(true)
    case .serialSetXon: terminal.holdOutput(false)
    case .serialImmediateChar: return try sendAtOnce(request, terminal)
    default: throw NTStatus.invalidDeviceRequest
    }
    request.complete()
  }

  /// Sets a line; one that the tty does not have is only remembered.
  private func set(_ line: Terminal.OutputLine, _ isOn: Bool, _ terminal: Terminal) {
    terminal.set(line, isOn)
    let bit: UInt32 = line == .dtr ? 1 : 2
    state.withLock { state in
      state.outputLines = isOn ? state.outputLines | bit : state.outputLines & ~bit
    }
  }

  private func outputLines(_ terminal: Terminal) -> UInt32 {
    terminal.hasModemLines ? terminal.modemLines & 3 : state.withLock { $0.outputLines }
  }

  /// IOCTL_SERIAL_IMMEDIATE_CHAR: a byte that overtakes the write that waits.
  ///
  /// A tty that has no room for it leaves it to the program: STATUS_DEVICE_BUSY.
  private func sendAtOnce(_ request: consuming Request, _ terminal: Terminal) throws {
    var byte = try request.readInput(UInt8.self)
    let sent = try withUnsafeBytes(of: &byte) { try terminal.write($0) }
    guard sent == 1 else { throw NTStatus.deviceBusy }
    state.withLock { $0.stats.transmitted &+= 1 }
    request.complete()
  }
}
