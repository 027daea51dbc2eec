// A device in Swift that keeps what was written to it, and gives everything back.
//
// With MISSING_CHECK it expects its memory objects to be there, with LEAK it forgets a buffer of its list
// when it gets no memory object.
import Ring3

final class Hasty: SwiftDriver {
  private let kept = SpinLocked<Memory<OwnedBuffer>?>(nil)

  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(named: #"\Device\Hasty"#, link: #"\??\Hasty"#)
    let list = try LookasideList(size: 256, tag: "HasL", parent: device)
    let buffers = Buffers(list)
    try device.makeQueue(.sequential) { queue in
      queue.onWrite { [kept] request in
        let length = request.length
        try buffers.use {
          kept.store(try keep(request, device))
        }
        request.complete(information: length)
      }
    }
  }
}

/// A memory object with the bytes of a request.
private func keep(_ request: borrowing Request, _ device: DeviceObject) throws -> Memory<
  OwnedBuffer
> {
  #if MISSING_CHECK
    // swift-format-ignore: NeverUseForceTry
    let memory = try! Memory(size: request.length, tag: "HasK", parent: device)
  #else
    let memory = try Memory(size: request.length, tag: "HasK", parent: device)
  #endif
  try memory.copy(from: request.input())
  return memory
}

/// Buffers for as long as something is done.
private final class Buffers: Sendable {
  private let list: LookasideList

  init(_ list: consuming LookasideList) { self.list = list }

  func use(_ body: () throws -> Void) throws {
    #if LEAK
      let address = try list.makeBuffer().relinquish()
      try body()
      _ = list.adoptBuffer(at: address)
    #else
      let buffer = try list.makeBuffer()
      try body()
      _ = consume buffer
    #endif
  }
}
