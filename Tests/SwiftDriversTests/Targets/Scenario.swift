import Ring3
import Synchronization
import TestSupport
import Testing

/// A driver that does in its `init` what a test tells it, with a control device at hand.
final class Scenario: SwiftDriver {
  typealias Body = @Sendable (DriverObject, DeviceObject) throws -> Void

  /// What the driver that is loaded does.
  @TaskLocal static var body: Body = { _, _ in }

  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(named: #"\Device\Scenario"#)
    try Self.body(driver, device)
  }
}

extension Kernel {
  /// Loads a driver that does `body` while it is loaded.
  @discardableResult
  func run(_ body: @escaping Scenario.Body) throws -> Driver {
    try Scenario.$body.withValue(body) { try load(Scenario.self) }
  }

  /// Loads `wdf-function.c` and makes a device of it: `\Device\WdfFunction`.
  @discardableResult
  func addFunction(above: [Driver] = []) throws -> Device {
    let function = try loadTestDriver("wdf-function")
    let device = try addDevice(stack: [function] + above, hardwareIDs: [#"ROOT\FUNCTION"#])
    #expect(device.state == .started)
    return device
  }
}

/// What something in a kernel tells a test.
final class Told<Value: Sendable>: Sendable {
  private let state = Mutex<(values: [Value], waiting: [Int: CheckedContinuation<[Value], Never>])>(
    ([], [:]))

  /// What was told, oldest first.
  var values: [Value] { state.withLock { $0.values } }

  func tell(_ value: Value) {
    let ready = state.withLock { state in
      state.values.append(value)
      return state.waiting.removeValue(forKey: state.values.count).map { ($0, state.values) }
    }
    if let (waiting, values) = ready { waiting.resume(returning: values) }
  }

  /// What was told, when it is `count` values.
  func values(_ count: Int) async -> [Value] {
    await withCheckedContinuation { continuation in
      let values = state.withLock { state -> [Value]? in
        if state.values.count >= count { return state.values }
        state.waiting[count] = continuation
        return nil
      }
      if let values { continuation.resume(returning: values) }
    }
  }
}

extension IoControlCode {
  /// Codes of `wdf-function.c`.
  static let reverse = IoControlCode(
    deviceType: .unknown, function: 0x800, method: .buffered, access: .any)
  static let hang = IoControlCode(
    deviceType: .unknown, function: 0x801, method: .buffered, access: .any)
  static let `internal` = IoControlCode(
    deviceType: .unknown, function: 0x802, method: .buffered, access: .any)
}

let functionName = #"\Device\WdfFunction"#
