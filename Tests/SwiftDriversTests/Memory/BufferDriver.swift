import Ring3

/// Keeps what is written in a buffer of a lookaside list until it is read.
final class BufferDriver: SwiftDriver {
  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(named: #"\Device\Buffers"#) { setup in
      setup.setBufferAccess(.buffered)
    }
    let list = try LookasideList(size: 64, tag: "Bufs", parent: device)
    let kept = SpinLocked<LookasideBuffer?>(nil)
    try device.makeQueue(.parallel) { queue in
      queue.onWrite { (request: consuming Request) in
        var buffer = try list.makeBuffer()
        var bytes = buffer.mutableBytes
        let count = bytes.copy(from: try request.input())
        kept.store(buffer)
        request.complete(information: count)
      }
      queue.onRead { (request: consuming Request) in
        var count = 0
        do {
          var output = try request.output()
          count = kept.withLock { kept in
            guard let bytes = kept?.bytes else { return 0 }
            return output.copy(from: bytes)
          }
        }
        request.complete(information: count)
      }
      // By way of an address.
      queue.onDeviceControl { (request: consuming Request, _) in
        var buffer = try list.makeBuffer()
        do {
          var bytes = buffer.mutableBytes
          bytes.fill(with: 7)
        }
        let address = buffer.relinquish()
        let same = list.adoptBuffer(at: address)
        var output = try request.output()
        let count = output.copy(from: same.bytes)
        request.complete(information: count)
      }
    }
  }

  static let control = IoControlCode(
    deviceType: .unknown, function: 0x800, method: .buffered, access: .any)
}
