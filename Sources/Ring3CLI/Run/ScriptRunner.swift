import Foundation
import Ring3
import Script

/// Does what a script says, one action after the other, in one user process.
final class ScriptRunner {
  let kernel: Kernel
  /// The drivers of the run, in the order in which they were loaded.
  let drivers: [Driver]
  let process: UserProcess
  /// Seconds that a request may take before it is cancelled and reported as lost.
  let limit: Double
  let print: (ActionReport) -> Void

  private(set) var handles: [String: Handle] = [:]
  private(set) var events: [String: UserEvent] = [:]
  /// The buffers that the script has made; they stay as long as the program.
  private(set) var buffers: [String: UserBuffer] = [:]
  var defaultHandle: String?
  private var unnamedCount = 0
  var last = Answer()
  var failureCount = 0
  var isUnloaded = false
  /// The report of the action that was done last; nil when it has none of its own.
  private(set) var lastReport: ActionReport?

  /// An open handle and the request that was started on it.
  final class Handle {
    let file: File
    var pending: (request: PendingRequest, output: UserBuffer?, count: Int)?
    init(_ file: File) { self.file = file }
  }

  /// What the last action gave.
  struct Answer {
    var status = NTStatus.success
    var information = 0
    var buffer: [UInt8] = []

    /// The bytes that the driver reported; none after an error.
    var data: ArraySlice<UInt8> {
      status.isError ? [] : buffer.prefix(max(0, min(information, buffer.count)))
    }
  }

  init(
    kernel: Kernel, drivers: [Driver], limit: Double, print: @escaping (ActionReport) -> Void
  ) throws {
    self.kernel = kernel
    self.drivers = drivers
    self.limit = limit
    self.print = print
    process = try kernel.makeProcess("script.exe")
  }

  /// A mistake of the script that only running it shows.
  struct Failure: Error {
    let line: Int
    let message: String
  }

  /// Performs one action.
  ///
  /// - Throws: ``Failure`` for a mistake of the script, `KernelError` when the kernel ended.
  func perform(_ action: Action) throws {
    lastReport = nil
    var report = ActionReport(action)
    let start = ContinuousClock.now
    switch action.kind {
    case .open(let path, let name, let access): try open(path, name, access, &report)
    case .openInterface(let guid, let index, let name, let access):
      let links = kernel.deviceInterfaces(guid)
      guard index < links.count else {
        last = Answer(status: .objectNameNotFound)
        report.set(last.status)
        report.message = "\(links.count) interfaces of the class are enabled"
        break
      }
      report.message = links[Int(index)]
      try open(links[Int(index)], name, access, &report)
    case .send(let request, let isAsynchronous):
      try send(request, isAsynchronous, action, &report)
    case .event(let name):
      events[name] = try process.makeEvent()
      report.handle = name
    case .buffer(let name, let contents):
      buffers[name] = try makeBuffer(contents, action)
      report.handle = name
      report.message = buffers[name].map { "\($0.count) bytes at \(hex($0.address))" }
    case .waitEvent(let name): try wait(event: name, &report)
    case .wait(let name): try wait(handle(name, action), &report)
    case .cancel(let name):
      try handle(name, action).pending?.request.cancel()
    case .close(let name):
      let key = try key(name, action)
      try handles.removeValue(forKey: key)?.file.close()
      if defaultHandle == key { defaultHandle = nil }
      report.handle = key
    case .expect(let expectation): expect(expectation, action, &report)
    case .show(let subject): return show(subject)
    case .device(let deviceAction, let number):
      try perform(deviceAction, number, action, &report)
    case .sleep(let level): try sleep(level, &report)
    case .wake: try attempt(&report) { () throws(KernelError) in try kernel.wake() }
    case .unload: try unload(&report)
    }
    // What the drivers have asked for because of it is part of the action.
    try kernel.settleDevices(seconds: limit)
    if case .send = action.kind {
      report.nanoseconds = Int64(start.duration(to: .now) / .nanoseconds(1))
    }
    lastReport = report
    print(report)
  }

  // MARK: Handles

  private func open(
    _ path: String, _ name: String?, _ access: FileAccess, _ report: inout ActionReport
  ) throws {
    do throws(KernelError) {
      let file = try process.open(path, access: access.mask)
      unnamedCount += 1
      let key = name ?? "#\(unnamedCount)"
      handles[key] = Handle(file)
      defaultHandle = key
      last = Answer()
      report.handle = key
    } catch {
      guard let status = error.status else { throw error }
      last = Answer(status: status)
    }
    report.set(last.status)
  }

  private func key(_ name: String?, _ action: Action) throws -> String {
    guard let key = name ?? defaultHandle else {
      throw Failure(line: action.line, message: "no handle is open; open a device first")
    }
    guard handles[key] != nil else {
      throw Failure(
        line: action.line,
        message:
          "\(key) is no open handle; open handles: \(handles.keys.sorted().joined(separator: ", "))"
      )
    }
    return key
  }

  private func handle(_ name: String?, _ action: Action) throws -> Handle {
    let key = try key(name, action)
    guard let handle = handles[key] else {
      throw Failure(line: action.line, message: "\(key) is no open handle")
    }
    return handle
  }

  /// Closes every handle.
  func closeAll() throws {
    // In an order, so that the same script does the same.
    for (_, handle) in handles.sorted(by: { $0.key < $1.key }) { try handle.file.close() }
    for (_, event) in events.sorted(by: { $0.key < $1.key }) { try event.close() }
    events = [:]
    handles = [:]
    defaultHandle = nil
  }

  // MARK: Requests

  private func send(
    _ request: ScriptRequest, _ isAsynchronous: Bool, _ action: Action, _ report: inout ActionReport
  ) throws {
    let handle = try handle(request.handle, action)
    guard handle.pending == nil else {
      throw Failure(
        line: action.line, message: "a request is under way on this handle; wait for it first")
    }
    let memory = ScriptBuffers(self, line: action.line)
    let pending: PendingRequest
    var output: UserBuffer?
    switch request.operation {
    case .read(let buffer, let offset):
      let place = try memory.place(buffer)
      output = place.buffer
      pending = try handle.file.startRead(
        at: place.address, count: place.count, offset: Int64(offset ?? 0), keeping: place.memory)
    case .write(let buffer, let offset):
      let place = try memory.place(buffer)
      pending = try handle.file.startWrite(
        at: place.address, count: place.count, offset: Int64(offset ?? 0), keeping: place.memory)
    case .control(let code, let first, let second):
      let (input, answer) = try (memory.place(first), memory.place(second))
      output = answer.buffer
      pending = try handle.file.startControl(
        code, inputAt: input.address, inputCount: input.count, outputAt: answer.address,
        outputCount: answer.count, keeping: input.memory + answer.memory)
    }
    handle.pending = (pending, output, output?.count ?? 0)
    if isAsynchronous && !pending.isFinished {
      report.set(.pending)
      last = Answer(status: .pending)
    } else {
      try wait(handle, &report)
    }
  }

  private func makeBuffer(_ contents: Buffer, _ action: Action) throws -> UserBuffer {
    guard let buffer = try ScriptBuffers(self, line: action.line).place(contents).buffer else {
      throw Failure(line: action.line, message: "a buffer of no bytes has no address")
    }
    return buffer
  }

  /// Waits for the request of a handle; one that takes too long is cancelled, and lost when that does not help.
  private func wait(_ handle: Handle, _ report: inout ActionReport) throws {
    guard let (request, output, _) = handle.pending else {
      report.message = "no request is under way"
      return
    }
    var answer = try request.wait(seconds: limit)
    if answer == nil {
      request.cancel()
      answer = try request.wait(seconds: 1)
      report.message =
        answer == nil
        ? "lost: the driver neither completed nor cancelled the request in \(limit) s"
        : "cancelled after \(limit) s"
      if answer == nil { failureCount += 1 }
    }
    handle.pending = nil
    guard let answer else { return }
    last = Answer(
      status: answer.status, information: answer.information, buffer: output?.bytes ?? [])
    report.set(answer.status)
    report.information = answer.information
    if output != nil { report.data = hexadecimal(last.data) }
  }

  /// Waits until an event is set; it then stays set.
  private func wait(event name: String, _ report: inout ActionReport) throws {
    let isSet = try events[name]?.wait(seconds: limit) ?? false
    last = Answer(status: isSet ? .success : .timeout)
    report.set(last.status)
    if !isSet { report.message = "the event was not set in \(limit) s" }
  }

  // MARK: Expectations and reports

  private func expect(
    _ expectation: Expectation, _ action: Action, _ report: inout ActionReport
  ) {
    let problem: String? =
      switch expectation {
      case .status(let status):
        status == last.status ? nil : "expected \(status), the action gave \(last.status)"
      case .information(let count):
        count == UInt64(last.information)
          ? nil : "expected information \(count), the action gave \(last.information)"
      case .data(let data): difference(data, Array(last.data))
      case .buffer(let data, let name):
        difference(data, name.map { buffers[$0]?.bytes ?? [] } ?? last.buffer)
      }
    report.ok = problem == nil
    report.message = problem.map { "line \(action.line): \($0)" } ?? "as expected"
    if problem != nil { failureCount += 1 }
  }

  /// The bytes of data, with the handles and addresses of this run.
  func contents(of data: ScriptData, maximum: Int) throws(ScriptData.Failure) -> [UInt8] {
    try data.bytes(
      maximum: maximum, readFile: readHostFile,
      handle: { name in events[name].map { UInt64($0.handle) } },
      address: { name in buffers[name].map { UInt64($0.address) } })
  }

  private func difference(_ expected: ScriptData, _ actual: [UInt8]) -> String? {
    let bytes: [UInt8]
    do {
      bytes = try contents(of: expected, maximum: actual.count + 1)
    } catch .tooLarge(let count, _) {
      return "expected \(count) bytes, the action gave \(actual.count)"
    } catch {
      return "\(error)"
    }
    guard bytes != actual else { return nil }
    if bytes.count != actual.count {
      return
        "expected \(bytes.count) bytes, the action gave \(actual.count): hex:\(hexadecimal(actual.prefix(64)))"
    }
    let index = zip(bytes, actual).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
    return
      "byte \(index) is 0x\(hexadecimal([actual[index]])), expected 0x\(hexadecimal([bytes[index]]))"
  }

  private func show(_ subject: Subject) {
    for line in Listing.lines(of: subject, kernel) {
      print(ActionReport(op: "show", message: line))
    }
    if subject == .objects { showFrameworkObjects() }
  }
}
