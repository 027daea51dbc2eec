// A keyboard at work: the thread that reads it, and the scan codes that wait for a read.
import Ring3

/// A keyboard.
final class KeyboardPort: Sendable {
  struct State {
    var waiting: [KeyboardInput] = []
    var lights = 0 as UInt16
    var typematic = KeyboardTypematic()
  }

  private let path: String?
  private let queueSize: Int
  private let state = SpinLocked(State())
  private let openSource = SpinLocked<EventSource?>(nil)
  private let reads = SpinLocked<RequestQueue?>(nil)
  private let thread = SpinLocked<SystemThread?>(nil)

  init(path: String?, queueSize: Int) {
    self.path = path
    self.queueSize = queueSize
  }

  func setReads(_ queue: RequestQueue) { reads.store(queue) }

  // MARK: Life

  func open() throws {
    guard let path else { throw NTStatus.noSuchDevice }
    openSource.store(try EventSource(path: path))
    reads.withLock { $0 }?.start()
  }

  /// Nothing comes any more: the reads that wait are cancelled; at PASSIVE_LEVEL.
  func close() {
    reads.withLock { $0 }?.purge()
    openSource.store(nil)
  }

  /// Begins to read events, as the device comes to its working state.
  func begin(_ device: DeviceObject) throws {
    let source = try source
    thread.store(try SystemThread(parent: device) { [self] in run($0, source) })
  }

  func end() { thread.exchange(nil)?.stop() }

  private var source: EventSource {
    get throws(NTStatus) {
      guard let source = openSource.withLock({ $0 }) else { throw .deviceNotReady }
      return source
    }
  }

  // MARK: The thread

  private func run(_ thread: RunningThread, _ source: EventSource) {
    var translator = KeyTranslator()
    var bytes: [UInt8] = []
    while !thread.isStopping {
      guard !thread.wait(for: source.descriptor, .readable).isEmpty else { continue }
      var part = [UInt8](repeating: 0, count: 64 * InputEvent.byteCount)
      guard let count = source.read(into: &part) else { break }
      bytes += part.prefix(count)
      while bytes.count >= InputEvent.byteCount {
        let event = InputEvent(bytes.prefix(InputEvent.byteCount))
        bytes.removeFirst(InputEvent.byteCount)
        if event.type == InputEvent.light { noteLight(event) }
        keep(translator.take(event))
      }
      serve()
    }
    // A file is at its end, or the device is gone: there is nothing more to come.
    while !thread.isStopping { thread.wait() }
  }

  /// Keeps scan codes for the next read; without room the newest are lost.
  private func keep(_ inputs: [KeyboardInput]) {
    state.withLock { state in
      state.waiting += inputs.prefix(queueSize - state.waiting.count)
    }
  }

  private func noteLight(_ event: InputEvent) {
    let bits: [UInt16: UInt16] = [0: 2, 1: 4, 2: 1]
    guard let bit = bits[event.code] else { return }
    state.withLock { $0.lights = event.value != 0 ? $0.lights | bit : $0.lights & ~bit }
  }

  // MARK: Reads

  /// Gives what waits to the reads that wait; up to DISPATCH_LEVEL.
  func serve() {
    while state.withLock({ !$0.waiting.isEmpty }), let request = nextRead() { answer(request) }
  }

  private func nextRead() -> Request? {
    do {
      return try reads.withLock { $0 }?.next()
    } catch {
      // The device is gone.
      return nil
    }
  }

  /// Fills a read with as many scan codes as it has room for.
  private func answer(_ request: consuming Request) {
    let size = MemoryLayout<KeyboardInput>.size
    let count = request.length / size
    let inputs = state.withLock { state in
      let inputs = Array(state.waiting.prefix(count))
      state.waiting.removeFirst(inputs.count)
      return inputs
    }
    if inputs.isEmpty {
      // Another thread was faster.
      request.requeue()
      return
    }
    do throws(NTStatus) {
      var output = try request.output()
      output.copy(from: inputs.span.bytes)
    } catch {
      return request.complete(error)
    }
    request.complete(information: inputs.count * size)
  }

  // MARK: Control

  /// Handles a control request, at PASSIVE_LEVEL.
  func control(_ request: consuming Request, _ code: IoControlCode) throws {
    // There is one unit.
    if request.inputLength >= 2, try request.readInput(UInt16.self) != 0 {
      throw NTStatus.invalidParameter
    }
    switch code {
    case .keyboardQueryAttributes:
      let byteCount = UInt32(queueSize * MemoryLayout<KeyboardInput>.size)
      request.complete(returning: KeyboardAttributes(queueByteCount: byteCount))
    case .keyboardQueryTypematic: request.complete(returning: state.withLock { $0.typematic })
    case .keyboardQueryIndicators:
      request.complete(
        returning: KeyboardIndicators(lights: state.withLock { $0.lights }))
    case .keyboardQueryIndicatorTranslation:
      request.complete(returning: KeyboardIndicatorTranslation())
    case .keyboardSetIndicators:
      let wanted = try request.readInput(KeyboardIndicators.self)
      guard wanted.lights & ~7 == 0 else { throw NTStatus.invalidParameter }
      try source.setLights(wanted.lights)
      state.withLock { $0.lights = wanted.lights }
      request.complete()
    case .keyboardSetTypematic:
      let wanted = try request.readInput(KeyboardTypematic.self)
      let (least, most) = (KeyboardTypematic.minimum, KeyboardTypematic.maximum)
      guard (least.rate...most.rate).contains(wanted.rate),
        (least.delay...most.delay).contains(wanted.delay)
      else { throw NTStatus.invalidParameter }
      try source.setRepeat(wanted)
      state.withLock { $0.typematic = wanted }
      request.complete()
    default: throw NTStatus.invalidDeviceRequest
    }
  }
}
