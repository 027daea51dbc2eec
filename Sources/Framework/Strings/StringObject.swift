import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

/// A WDFSTRING: a copy of a text, with a zero behind it.
package struct StringBody {
  var head: ObjectHead
  /// Pool of its own; nil for a string that was never assigned.
  private(set) var start: UnsafeMutablePointer<UInt16>?
  private(set) var count = 0

  static var tag: UInt32 { 0x7453_7846 }  // FxSt

  init(_ globals: UnsafeMutablePointer<DriverGlobals>) {
    head = ObjectHead(kind: .string, globals: globals)
  }

  /// Keeps `block`, `count` characters and a zero, and frees what was kept before.
  fileprivate mutating func keep(_ block: UnsafeMutableRawPointer?, _ count: Int) {
    if let start { Machine.current.pool.free(UnsafeMutableRawPointer(start), tag: Self.tag) }
    start = block?.assumingMemoryBound(to: UInt16.self)
    self.count = count
  }

  /// As drivers see it: the maximum length has room for the zero.
  var string: UNICODE_STRING {
    UNICODE_STRING(
      Length: UInt16(count * 2), MaximumLength: start == nil ? 0 : UInt16(count * 2 + 2),
      Buffer: start)
  }
}

extension Framework {
  static let stringClass = ObjectClass(
    destroy: { $0.assumingMemoryBound(to: StringBody.self).pointee.keep(nil, 0) },
    isPassive: true)

  func string(_ handle: UInt64) -> UnsafeMutablePointer<StringBody> {
    body(handle, .string, as: StringBody.self)
  }

  /// Most characters that a counted string with a zero behind it has room for.
  static var longestString: Int { 0x7FFE }

  /// Gives a string object another text.
  ///
  /// - Parameter start: memory of a driver or of the framework.
  /// - Returns: STATUS_INVALID_BUFFER_SIZE for a text that is too long, else the failure of pool.
  func assign(
    _ start: UnsafeRawPointer?, _ count: Int, to string: UnsafeMutablePointer<StringBody>
  ) -> Int32 {
    guard count <= Self.longestString else { return FrameworkStatus.invalidBufferSize }
    guard
      let block = machine.pool.allocate(
        count * 2 + 2, kind: .nonpaged, tag: StringBody.tag, zeroed: true)
    else { return FrameworkStatus.insufficientResources }
    if count > 0 { DriverMemory.copy(to: block, from: start, count * 2) }
    string.pointee.keep(block, count)
    return 0
  }

  /// Makes a string object of a text; it has no parent yet.
  func makeString(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ attributes: ObjectAttributes,
    _ start: UnsafeRawPointer?, _ count: Int, failure: inout Int32
  ) -> UnsafeMutablePointer<StringBody>? {
    failure = FrameworkStatus.insufficientResources
    guard let string = make(StringBody(globals), attributes) else { return nil }
    failure = assign(start, count, to: string)
    if failure >= 0 { return string }
    discard(FrameworkObject(string))
    return nil
  }

  /// Whether a driver's counted string is well formed: even lengths, and characters where it has some.
  func isValid(_ string: UNICODE_STRING) -> Bool {
    string.Length & 1 == 0 && string.MaximumLength & 1 == 0
      && string.Length <= string.MaximumLength
      && (string.MaximumLength == 0 || string.Buffer != nil)
  }
}

@c(r3_WdfStringCreate)
package func wdfStringCreate(
  _ globals: UnsafeMutableRawPointer, _ text: UnsafePointer<UNICODE_STRING>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let result = framework.require(result)
  result.pointee = 0
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  let globals = DriverGlobals.of(globals)
  let text = text?.pointee
  if let text, !framework.isValid(text) { return FrameworkStatus.invalidParameter }
  var failure = FrameworkStatus.insufficientResources
  let made =
    if let text {
      framework.makeString(
        globals, attributes, text.Buffer, Int(text.Length) / 2, failure: &failure)
    } else {
      framework.make(StringBody(globals), attributes)
    }
  guard let string = made else { return failure }
  return framework.publish(
    FrameworkObject(string), attributes, default: globals.driverObject, result)
}

/// The text lies in the object: it goes with it, or with the next assignment.
@c(r3_WdfStringGetUnicodeString)
package func wdfStringGetUnicodeString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<UNICODE_STRING>?
) {
  let framework = Framework.current
  let string = framework.string(handle)
  framework.require(result).pointee = string.pointee.string
}
