import Ring3

/// The driver that is measured beside its twin in C, `Drivers/wdfpattern.c`: reads give a pattern that
/// it keeps, and a control code turns bytes round.
final class Pattern: SwiftDriver {
  static let patternSize = 4096

  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(
      named: #"\Device\SwiftPattern"#, link: #"\??\SwiftPattern"#)
    // What reads give.
    let pattern = try Memory(size: Self.patternSize, tag: "Patt", parent: device)
    try pattern.copy(from: [UInt8](repeating: 0x5A, count: Self.patternSize).span.bytes)
    try device.makeQueue(.sequential) { queue in
      queue.onRead { (request: consuming Request) in
        var output = try request.output()
        let count = output.copy(from: pattern.bytes)
        request.complete(information: count)
      }
      queue.onDeviceControl { (request: consuming Request, code) in
        guard code == .patternReverse else { throw NTStatus.invalidDeviceRequest }
        try Self.reverse(request)
      }
    }
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
  static let patternReverse = IoControlCode(
    deviceType: .unknown, function: 0x800, method: .buffered, access: .any)
}
