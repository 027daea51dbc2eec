// What a program sets: speed, form of characters, flow control, timeouts.
import Ring3

extension SerialPort {
  /// Handles a control request for settings.
  func controlSettings(_ request: consuming Request, _ code: IoControlCode) throws {
    let settings = state.withLock { $0.settings }
    switch code {
    case .serialGetBaudRate: request.complete(returning: settings.baudRate)
    case .serialGetLineControl: request.complete(returning: settings.line)
    case .serialGetChars: request.complete(returning: settings.chars)
    case .serialGetHandflow: request.complete(returning: settings.handflow)
    case .serialGetTimeouts: request.complete(returning: settings.timeouts)
    case .serialSetQueueSize:
      let size = try request.readInput(UInt32.self)
      // The queue only grows; a program may ask for no more than is sensible.
      guard size <= 16 << 20 else { throw NTStatus.insufficientResources }
      state.withLock { $0.queueSize = max($0.queueSize, Int(size)) }
      request.complete()
      wakeThread()
    case .serialSetBaudRate, .serialSetLineControl, .serialSetChars, .serialSetHandflow,
      .serialSetTimeouts:
      let new = try changed(settings, request, code)
      if code != .serialSetTimeouts { try terminal.apply(new) }
      state.withLock { $0.settings = new }
      request.complete()
    case .serialResetDevice:
      try terminal.apply(settings)
      request.complete()
    default: try controlLines(request, code)
    }
  }

  /// The settings as a request wants them.
  private func changed(
    _ settings: SerialSettings, _ request: borrowing Request, _ code: IoControlCode
  ) throws -> SerialSettings {
    var new = settings
    switch code {
    case .serialSetBaudRate: new.baudRate = try request.readInput()
    case .serialSetLineControl:
      new.line = try request.readInput()
      guard new.line.isValid else { throw NTStatus.invalidParameter }
    case .serialSetChars: new.chars = try request.readInput()
    case .serialSetHandflow:
      new.handflow = try request.readInput()
      let queueSize = state.withLock { $0.queueSize }
      guard new.handflow.isValid(queueSize) else { throw NTStatus.invalidParameter }
    default:
      new.timeouts = try request.readInput()
      let timeouts = new.timeouts
      guard
        timeouts.readInterval != .max || timeouts.readMultiplier != .max
          || timeouts.readConstant != .max
      else { throw NTStatus.invalidParameter }
    }
    return new
  }
}
