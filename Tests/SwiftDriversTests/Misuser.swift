import Ring3
import Synchronization

/// A driver in Swift that does what its requests say, mistakes among it.
final class Misuser: SwiftDriver {
  private let pended = SpinLocked<PendedRequest?>(nil)

  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(named: #"\Device\Misuser"#, link: #"\??\Misuser"#)
    let manual = try device.makeQueue(.manual, for: .forwarded)
    try device.makeQueue(.parallel) { [pended] queue in
      queue.onRead { (request: consuming Request) in _ = request.length }
      queue.onWrite { (request: consuming Request) in throw Failure.sorry }
      queue.onDeviceControl { (request: consuming Request, code: IoControlCode) in
        switch code.function {
        case 0x801: request.forward(to: manual)
        case 0x802:
          guard let waiting = try manual.next() else { throw NTStatus.noMoreEntries }
          waiting.complete(information: 0)
          request.complete()
        case 0x803: pended.store(request.pend())
        case 0x804:
          guard let waiting = pended.exchange(nil)?.resume() else { throw NTStatus.cancelled }
          waiting.complete()
          request.complete()
        case 0x805:
          pended.store(nil)
          request.complete()
        case 0x806: try Misuser.stop(request)
        case 0x807: try Misuser.completeWithReference(request)
        case 0x808: request.complete(returning: UInt64(0x1122_3344_5566_7788))
        case 0x809:
          let value = try request.readInput(UInt32.self)
          request.complete(returning: value &+ 1)
        case 0x80A: try Misuser.add(request)
        case 0x80B:
          request.complete()
          throw NTStatus.accessDenied
        default: throw NTStatus.invalidDeviceRequest
        }
      }
    }
  }

  enum Failure: StatusConvertible {
    case sorry
    var status: NTStatus { .notSupported }
  }

  /// Reads past the end of an array.
  private static func stop(_ request: consuming Request) throws {
    let bytes = [UInt8](repeating: 0, count: request.inputLength)
    request.complete(information: Int(bytes[request.inputLength]))
  }

  private static func completeWithReference(_ request: consuming Request) throws {
    let memory = try request.inputMemory()
    request.complete()
    _ = memory.byteCount
  }

  /// METHOD_OUT_DIRECT: each byte of the output is one more than that of the input.
  private static func add(_ request: consuming Request) throws {
    try request.withDirectBuffers { input, output throws(NTStatus) in
      guard input.byteCount <= output.byteCount else { throw .bufferTooSmall }
      var output = output.mutableSpan
      for index in input.span.indices { output[index] = input.span[index] &+ 1 }
    }
    let count = request.inputLength
    request.complete(information: count)
  }
}

extension IoControlCode {
  static func misuse(_ function: UInt16, _ method: TransferMethod = .buffered) -> IoControlCode {
    IoControlCode(deviceType: .unknown, function: function, method: method)
  }
}
