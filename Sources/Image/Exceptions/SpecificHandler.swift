import CRing3
import Machine

/// One `__try` of a function, as the compiler lists them behind the unwind information.
struct Scope {
  let begin: UInt32
  let end: UInt32
  /// The filter, or 1 for "always"; the termination handler when `target` is 0.
  let handler: UInt32
  /// Where the `__except` block begins.
  let target: UInt32

  var isTermination: Bool { target == 0 }

  @inline(__always)
  func contains(_ offset: UInt32) -> Bool { begin <= offset && offset < end }
}

/// The scopes of the function that a handler was called for.
struct ScopeTable {
  private let start: UnsafeRawPointer
  let count: UInt32

  init?(_ dispatcher: UnsafePointer<R3DispatcherContext>) {
    guard let start = dispatcher.pointee.handlerData else { return nil }
    let code = Machine.current.exceptions.pointee.code
    let address = UInt64(UInt(bitPattern: start))
    guard let image = code.image(containing: address), image.base + image.size - address >= 4 else {
      return nil
    }
    self.start = UnsafeRawPointer(start)
    // No further than the image, whatever it says.
    let room = (image.base + image.size - address - 4) / UInt64(MemoryLayout<Scope>.size)
    count = min(start.loadUnaligned(as: UInt32.self), UInt32(truncatingIfNeeded: room))
  }

  subscript(index: UInt32) -> Scope {
    start.loadUnaligned(fromByteOffset: 4 + Int(index) * 16, as: Scope.self)
  }
}

/// What `__C_specific_handler` does for one frame.
struct SpecificHandler {
  let record: UnsafeMutablePointer<R3ExceptionRecord>
  let establisher: UInt64
  let context: UnsafeMutablePointer<R3Context>
  let dispatcher: UnsafeMutablePointer<R3DispatcherContext>

  func run() -> Disposition {
    guard let scopes = ScopeTable(dispatcher) else { return .continueSearch }
    let offset = UInt32(
      truncatingIfNeeded: dispatcher.pointee.controlPc &- dispatcher.pointee.imageBase)
    if record.pointee.flags & (ExceptionFlag.unwinding | ExceptionFlag.exitUnwind) != 0 {
      return terminate(scopes, offset)
    }
    return search(scopes, offset)
  }

  private func address(_ offset: UInt32) -> UInt64 {
    dispatcher.pointee.imageBase &+ UInt64(offset)
  }

  private func code(_ offset: UInt32) -> UnsafeRawPointer {
    UnsafeRawPointer(bitPattern: UInt(address(offset))).unsafelyUnwrapped
  }

  /// Asks the filters of the scopes around the place, innermost first.
  private func search(_ scopes: ScopeTable, _ offset: UInt32) -> Disposition {
    var index = dispatcher.pointee.scopeIndex
    while index < scopes.count {
      let scope = scopes[index]
      index += 1
      guard scope.contains(offset), !scope.isTermination else { continue }
      let answer = scope.handler == 1 ? 1 : filter(scope)
      if answer < 0 { return .continueExecution }
      if answer > 0 { take(scope) }
    }
    return .continueSearch
  }

  private func filter(_ scope: Scope) -> Int32 {
    var pointers = R3ExceptionPointers(record: record, context: context)
    return withUnsafeMutablePointer(to: &pointers) {
      Int32(
        truncatingIfNeeded: r3_call2(
          code(scope.handler), UInt64(UInt(bitPattern: $0)), establisher))
    }
  }

  /// Unwinds to the `__except` block of a scope.
  private func take(_ scope: Scope) {
    r3_unwind(
      CurrentThread.pointer, establisher, address(scope.target), record,
      UInt64(record.pointee.code))
  }

  /// Runs the termination handlers that the unwind leaves, innermost first.
  private func terminate(_ scopes: ScopeTable, _ offset: UInt32) -> Disposition {
    let isTarget = record.pointee.flags & ExceptionFlag.targetUnwind != 0
    let target = UInt32(
      truncatingIfNeeded: dispatcher.pointee.targetIp &- dispatcher.pointee.imageBase)
    while dispatcher.pointee.scopeIndex < scopes.count {
      let scope = scopes[dispatcher.pointee.scopeIndex]
      // First, so that a fault in the termination handler does not run it again.
      dispatcher.pointee.scopeIndex += 1
      guard scope.contains(offset) else { continue }
      if isTarget, staysInside(scope, scopes, target) { return .continueSearch }
      if scope.isTermination {
        _ = r3_call2(code(scope.handler), 1, establisher)
      } else if isTarget, scope.target == target {
        return .continueSearch
      }
    }
    return .continueSearch
  }

  /// Whether the unwind ends inside the body of this scope: a jump within its `__try`.
  ///
  /// The compiler may cut a body into several ranges with the same handler.
  private func staysInside(_ scope: Scope, _ scopes: ScopeTable, _ target: UInt32) -> Bool {
    var index: UInt32 = 0
    while index < scopes.count {
      let other = scopes[index]
      if other.contains(target), other.handler == scope.handler, other.target == scope.target {
        return true
      }
      index += 1
    }
    return false
  }
}
