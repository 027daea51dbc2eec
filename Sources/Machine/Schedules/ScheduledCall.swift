import CRing3

/// An export of a machine whose threads run one at a time: what its stub refers to.
package struct ScheduledExport {
  /// First: what the stub hands over.
  private var call: R3Fallible
  /// What is called when the export may be refused.
  private let fallible: UnsafePointer<R3Fallible>?
  private let isVariadic: Bool

  /// Bytes of one beside its stub.
  package static let byteCount = 48

  /// - Parameters:
  ///   - name: of the export; it lives as long as the stub.
  ///   - function: in the host's convention, with so many integer arguments, at most 16.
  ///   - fallible: the export as one that may be refused; nil when it may not.
  package init(
    _ name: UnsafePointer<CChar>, _ function: UnsafeRawPointer, argumentCount: UInt32,
    isVariadic: Bool = false, fallible: UnsafePointer<R3Fallible>? = nil
  ) {
    call = R3Fallible(
      handler: scheduledCallHandler, function: function, name: name,
      argumentCount: argumentCount, refusal: .null, tag: -1, result: -1)
    self.fallible = fallible
    self.isVariadic = isVariadic
  }

  /// Writes a stub of `R3_STUB_SIZE` bytes, with the export in memory that lives as long.
  package static func makeStub(
    at stub: UnsafeMutablePointer<UInt8>, _ export: UnsafeMutablePointer<ScheduledExport>
  ) {
    r3_make_fallible_stub(
      stub, UnsafeRawPointer(export).assumingMemoryBound(to: R3Fallible.self))
  }

  /// Calls the export between two points at which other threads may go on.
  fileprivate static let perform:
    @convention(c) (UnsafePointer<UInt64>, UnsafePointer<R3Fallible>) -> UInt64 = {
      arguments, call in
      Machine.current.schedule?.point(call.pointee.name, isReturn: false)
      let export = UnsafeRawPointer(call).assumingMemoryBound(to: ScheduledExport.self)
      let result: UInt64
      if let fallible = export.pointee.fallible {
        let handler = unsafeBitCast(fallible.pointee.handler, to: Handler.self)
        result = handler(arguments, fallible)
      } else if export.pointee.isVariadic {
        result = unsafeBitCast(call.pointee.function, to: Variadic.self)(arguments)
      } else {
        result = r3_pass(call.pointee.function, arguments, call.pointee.argumentCount)
      }
      Machine.current.schedule?.point(call.pointee.name, isReturn: true)
      return result
    }

  private typealias Handler =
    @convention(c) (UnsafePointer<UInt64>, UnsafePointer<R3Fallible>) -> UInt64
  private typealias Variadic = @convention(c) (UnsafePointer<UInt64>) -> UInt64
}

private var scheduledCallHandler: UnsafeRawPointer {
  unsafeBitCast(ScheduledExport.perform, to: UnsafeRawPointer.self)
}
