import CBenchPeers
import Ring3

/// A driver that takes buffers alone from lookaside lists of the framework.
///
/// The input of each control code is two words: turns, and bytes of a buffer.
final class Lists: SwiftDriver {
  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(
      named: #"\Device\SwiftLists"#, link: #"\??\SwiftLists"#)
    // What two threads share.
    let shared = try LookasideList(size: 256, tag: "List", parent: device)
    try device.makeQueue(.parallel) { queue in
      queue.onDeviceControl { (request: consuming Request, code) in
        let words = try Self.words(request)
        switch code {
        case .listPairs:
          let list = try LookasideList(size: words.1, tag: "List", parent: device)
          try Self.pairs(list, words.0)
        case .listGive: try Self.give(shared, words.0)
        case .listTake: Self.take(shared, words.0)
        default: throw NTStatus.invalidDeviceRequest
        }
        request.complete()
      }
    }
  }

  private static func words(_ request: borrowing Request) throws(NTStatus) -> (Int, Int) {
    try request.input(atLeast: 16).withUnsafeBytes {
      ($0.loadUnaligned(as: Int.self), $0.loadUnaligned(fromByteOffset: 8, as: Int.self))
    }
  }

  private static func pairs(_ list: borrowing LookasideList, _ count: Int) throws {
    for _ in 0..<count {
      var buffer = try list.makeBuffer()
      var bytes = buffer.mutableBytes
      bytes.storeBytes(of: 1, as: UInt8.self)
    }
  }

  private static func give(_ list: borrowing LookasideList, _ count: Int) throws {
    let passage = r3b_passage()
    for turn in 0..<count {
      BenchGive(passage, UInt64(turn), try list.makeBuffer().relinquish())
    }
  }

  private static func take(_ list: borrowing LookasideList, _ count: Int) {
    let passage = r3b_passage()
    for turn in 0..<count {
      _ = list.adoptBuffer(at: BenchTake(passage, UInt64(turn)).unsafelyUnwrapped)
    }
  }
}

extension IoControlCode {
  static let listPairs = list(0x800)
  static let listGive = list(0x801)
  static let listTake = list(0x802)

  private static func list(_ function: UInt16) -> IoControlCode {
    IoControlCode(deviceType: .unknown, function: function, method: .buffered, access: .any)
  }
}
