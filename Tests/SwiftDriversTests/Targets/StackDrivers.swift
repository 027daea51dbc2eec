import Ring3

/// A function driver in Swift: the one of `wdf-function.c`.
final class StackFunction: SwiftDriver {
  static var isPlugAndPlay: Bool { true }
  static let deviceName = #"\Device\SwiftFunction"#

  init(_ driver: DriverObject) {}

  func add(_ setup: consuming DeviceInit) throws {
    try setup.setName(Self.deviceName)
    let device = try setup.makeDevice()
    try device.makeQueue(.parallel) { queue in
      queue.onRead { (request: consuming Request) in
        let (offset, count) = (request.offset, request.length)
        var output = try request.output()
        for index in 0..<count {
          output.storeBytes(
            of: UInt8(truncatingIfNeeded: Int(offset) + index), toByteOffset: index, as: UInt8.self)
        }
        request.complete(information: count)
      }
      queue.onWrite { (request: consuming Request) in
        let count = request.length
        request.complete(information: count)
      }
      queue.onDeviceControl { [hanging] (request: consuming Request, code) in
        guard code == .hang else { throw NTStatus.invalidDeviceRequest }
        hanging.store(request.pend())
      }
    }
  }

  private let hanging = SpinLocked<PendedRequest?>(nil)
}

/// A filter in Swift: reads come back inverted, writes pass, control requests make a round trip in a task.
final class StackFilter: SwiftDriver {
  static var isPlugAndPlay: Bool { true }

  init(_ driver: DriverObject) {}

  func add(_ setup: consuming DeviceInit) throws {
    setup.setFilter()
    let device = try setup.makeDevice()
    guard let target = device.target else { throw NTStatus.noSuchDevice }
    try device.makeQueue(.parallel) { queue in
      queue.onRead { (request: consuming Request) in
        request.send(to: target) { (request: consuming Request, result) in
          let count = try result.get()
          var output = try request.output()
          var bytes = output.mutableSpan
          for index in 0..<count { bytes[index] ^= 0xFF }
          request.complete(information: count)
        }
      }
      queue.onWrite { (request: consuming Request) in request.send(to: target) }
      queue.onDeviceControl { (request: consuming Request, code) in
        let count = try await request.roundTrip(to: target)
        request.complete(information: count)
      }
    }
  }
}
