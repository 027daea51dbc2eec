// A device that gives back what was written to it: the driver of wdfecho.c, in Swift.
import Ring3

public final class Echo: SwiftDriver {
  /// What was written last.
  private let kept = SpinLocked<Memory<OwnedBuffer>?>(nil)

  public init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(named: #"\Device\SwiftEcho"#, link: #"\??\SwiftEcho"#)
    try device.makeQueue(.sequential) { queue in
      queue.onRead { [kept] request in try Self.read(request, kept) }
      queue.onWrite { [kept] request in try Self.write(request, kept, device) }
      queue.onDeviceControl { request, code in
        guard code == .echoReverse else { throw NTStatus.invalidDeviceRequest }
        try Self.reverse(request)
      }
    }
  }

  private static func read(
    _ request: consuming Request, _ kept: SpinLocked<Memory<OwnedBuffer>?>
  ) throws {
    var output = try request.output()
    let count = kept.withLock { kept in
      if let bytes = kept?.bytes { output.copy(from: bytes) } else { 0 }
    }
    request.complete(information: count)
  }

  private static func write(
    _ request: consuming Request, _ kept: SpinLocked<Memory<OwnedBuffer>?>, _ device: DeviceObject
  ) throws {
    let count = request.length
    let memory = try Memory(size: count, tag: "Kept", parent: device)
    try memory.copy(from: request.input())
    kept.store(memory)
    request.complete(information: count)
  }

  private static func reverse(_ request: consuming Request) throws {
    let count = request.inputLength
    // Input and output are one buffer: it is turned round in place.
    var output = try request.output(atLeast: count)
    var bytes = output.mutableSpan
    for index in 0..<count / 2 { bytes.swapAt(index, count - 1 - index) }
    request.complete(information: count)
  }
}

extension IoControlCode {
  /// METHOD_BUFFERED: the output is the input with its bytes in reverse order.
  public static let echoReverse = IoControlCode(
    deviceType: .unknown, function: 0x800, method: .buffered, access: .any)
}
