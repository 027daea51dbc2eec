import Ring3

/// A device with neither I/O: requests are locked in the caller's context, or not.
final class CallerDriver: SwiftDriver {
  static let reverse = IoControlCode(deviceType: .unknown, function: 0x800, method: .neither)
  static let unlocked = IoControlCode(deviceType: .unknown, function: 0x801, method: .neither)
  static let addresses = IoControlCode(deviceType: .unknown, function: 0x802, method: .neither)
  static let twice = IoControlCode(deviceType: .unknown, function: 0x803, method: .neither)

  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(named: #"\Device\Caller"#, link: #"\??\Caller"#) {
      setup in
      setup.setBufferAccess(.neither)
      setup.onCallerContext { (request: consuming CallerRequest) in
        switch request.request.controlCode {
        case Self.addresses:
          let input = try request.unsafeUserInput()
          let output = try request.unsafeUserOutput()
          request.complete(information: input.count + output.count)
        case Self.unlocked: request.enqueue()
        case Self.twice:
          try request.lockUserBuffers()
          try request.lockUserBuffers()
          request.enqueue()
        default:
          try request.lockUserBuffers()
          request.enqueue()
        }
      }
    }
    // A worker thread has the requests: user addresses mean nothing there.
    let manual = try device.makeQueue(.manual, for: .forwarded)
    let worker = try DriverWorkItem(parent: device) { _ in
      while let request = try? manual.next() { Self.handle(request) }
    }
    try device.makeQueue(.parallel) { queue in
      queue.onOther { (request: consuming Request) in
        request.forward(to: manual)
        worker.enqueue()
      }
    }
  }

  private static func handle(_ request: consuming Request) {
    var request = request
    do throws(NTStatus) {
      let count = try request.withUserBuffers { (input, output) throws(NTStatus) in
        let count = min(input.byteCount, output.byteCount)
        if input.byteCount == 0 {
          for index in 0..<output.byteCount {
            output.storeBytes(of: 0x5A, toByteOffset: index, as: UInt8.self)
          }
          return output.byteCount
        }
        for index in 0..<count {
          output.storeBytes(of: input.span[count - 1 - index], toByteOffset: index, as: UInt8.self)
        }
        return output.byteCount == 0 ? input.byteCount : count
      }
      request.complete(information: count)
    } catch {
      request.complete(error)
    }
  }
}
