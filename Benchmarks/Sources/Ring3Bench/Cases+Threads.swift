import CBenchPeers
import Foundation
import Ring3

// Work of two threads, with the round trip of a cache line beside it.
extension Bench {
  func threadCases() throws -> [Case] {
    [
      try crossCase("pool, two threads, 256 B", usesList: false),
      try crossCase("lookaside list, two threads, 256 B", usesList: true),
      try readsCase(),
    ]
  }

  var line: Subject {
    .peer("cache line, there and back") { r3b_line_ping_pong($0) }
  }

  /// One thread allocates, another one frees.
  private func crossCase(_ name: String, usesList: Bool) throws -> Case {
    let other = try process.open(#"\\.\BenchLoad"#)
    let works = [try memory(24), try memory(24)]
    return Case(
      name: name, clock: .wall, fewestTurns: 50_000,
      subject: Subject(name: "allocate here, free there") { count in
        let taker = Helper {
          try self.run(.take, count, choice: usesList ? 1 : 0, on: other, with: works[1])
        }
        try self.run(.give, count, choice: usesList ? 1 : 0, with: works[0])
        try taker.join()
      },
      peers: [line])
  }

  /// Two threads read, each its own file; the peer is one of them alone.
  private func readsCase() throws -> Case {
    let files = [buffered, try process.open(#"\\.\BenchBuffered"#)]
    let buffers = [try memory(64), try memory(64)]
    return Case(
      name: "reads on two threads", clock: .wall, fewestTurns: 50_000,
      subject: Subject(name: "File.read", unitsPerTurn: 2) { count in
        let reader = Helper { try self.read(files[1], buffers[1], count) }
        try self.read(files[0], buffers[0], count)
        try reader.join()
      },
      peers: [
        Subject(name: "one thread") { count in
          let reader = Helper { try self.read(files[1], buffers[1], count) }
          try reader.join()
        }, line,
      ])
  }
}

/// A thread that does one thing.
final class Helper: @unchecked Sendable {
  private let ended = DispatchSemaphore(value: 0)
  private var error: (any Error)?

  init(_ work: @escaping () throws -> Void) {
    let box = Box(work)
    Thread.detachNewThread {
      do { try box.work() } catch { self.error = error }
      self.ended.signal()
    }
  }

  /// Waits for its end.
  func join() throws {
    ended.wait()
    if let error { throw error }
  }

  private struct Box: @unchecked Sendable {
    let work: () throws -> Void
    init(_ work: @escaping () throws -> Void) { self.work = work }
  }
}
