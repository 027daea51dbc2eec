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

/// A function driver in Swift that answers control requests by a read from its own queues.
final class SelfReader: SwiftDriver {
  static var isPlugAndPlay: Bool { true }
  static let deviceName = #"\Device\SelfReader"#

  init(_ driver: DriverObject) {}

  func add(_ setup: consuming DeviceInit) throws {
    try setup.setName(Self.deviceName)
    setup.allowSelfTarget()
    let device = try setup.makeDevice()
    guard let target = device.selfTarget else { throw NTStatus.noSuchDevice }
    try device.makeQueue(.parallel) { queue in
      queue.onRead { (request: consuming Request) in
        var output = try request.output(atLeast: 1)
        output.storeBytes(of: 0x5E, toByteOffset: 0, as: UInt8.self)
        request.complete(information: 1)
      }
      queue.onDeviceControl { (request: consuming Request, _) in
        let memory = try Memory(size: 1, tag: "Self", parent: device)
        try await target.read(into: memory.whole)
        request.complete(returning: memory.bytes.span[0])
      }
    }
  }
}

/// A filter in Swift whose target takes nothing.
final class RefusedFilter: SwiftDriver {
  static var isPlugAndPlay: Bool { true }

  init(_ driver: DriverObject) {}

  func add(_ setup: consuming DeviceInit) throws {
    setup.setFilter()
    let device = try setup.makeDevice()
    guard let target = device.target else { throw NTStatus.noSuchDevice }
    try device.makeQueue(.parallel) { queue in
      queue.onRead { (request: consuming Request) in
        target.purge()
        request.send(to: target) { (request: consuming Request, result) in
          guard result.status == .invalidDeviceState else {
            return request.complete(information: 0)
          }
          throw NTStatus.noSuchDevice
        }
      }
      queue.onWrite { (request: consuming Request) in
        target.purge()
        try await request.roundTrip(to: target)
        request.complete(information: 0)
      }
    }
  }
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
