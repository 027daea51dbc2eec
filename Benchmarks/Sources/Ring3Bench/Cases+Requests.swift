import CBenchPeers
import Foundation
import Ring3

// Round trips from the public API to the driver and back.
extension Bench {
  static let sizes = [64, 4 << 10, 64 << 10, 1 << 20]

  func requestCases() throws -> [Case] {
    var cases = [emptyCase()]
    let files = [("buffered", buffered), ("direct", direct), ("neither", neither)]
    for (method, file) in files {
      for size in Self.sizes { cases.append(try readCase(method, file, size)) }
    }
    cases.append(try readCase("direct", direct, 16 << 20))
    for size in Self.sizes { cases.append(try controlCase(size)) }
    return cases
  }

  private var systemCall: Subject { .peer("empty system call") { r3b_system_calls($0) } }

  private func emptyCase() -> Case {
    Case(
      name: "control, no bytes",
      subject: Subject(name: "File.deviceControl") { count in
        for _ in 0..<count {
          _ = try self.buffered.deviceControl(
            Loop.nothing.code, inputAt: 0, inputCount: 0, outputAt: 0, outputCount: 0)
        }
      },
      peers: [systemCall])
  }

  private func readCase(_ method: String, _ file: File, _ size: Int) throws -> Case {
    let buffer = try memory(size)
    return Case(
      name: "read, \(method), \(size.binary)",
      subject: Subject(name: "File.read") { try self.read(file, buffer, $0) },
      peers: [
        .peer("memcpy, \(size.binary)") { r3b_memcpy($0, UInt64(size)) }, systemCall,
        .peer("read of /dev/zero, \(size.binary)") { r3b_read_zero($0, UInt64(size)) },
      ])
  }

  private func controlCase(_ size: Int) throws -> Case {
    let input = try memory(size)
    let output = try memory(size)
    return Case(
      name: "control, METHOD_BUFFERED, \(size.binary) in and out",
      subject: Subject(name: "File.deviceControl") { count in
        for _ in 0..<count {
          let answer = try self.buffered.deviceControl(
            Loop.echo.code, inputAt: input.address, inputCount: size, outputAt: output.address,
            outputCount: size)
          if answer.status != .success { throw BenchError("control: \(answer.status)") }
        }
      },
      peers: [
        .peer("two memcpy, \(size.binary)") { r3b_memcpy_twice($0, UInt64(size)) }, systemCall,
      ])
  }

  // MARK: Requests that a driver keeps

  func pendingCases() throws -> [Case] {
    let buffer = try memory(64)
    return [
      Case(
        name: "pended read, completed by a DPC",
        subject: Subject(name: "File.read") { try self.read(self.byDpc, buffer, $0) },
        peers: [systemCall]),
      Case(
        name: "started read, completed by a DPC, waited for",
        subject: Subject(name: "File.startRead + wait") { count in
          for _ in 0..<count {
            let answer = try self.byDpc.startRead(into: buffer).wait()
            if answer?.status != .success { throw BenchError("started read failed") }
          }
        },
        peers: [systemCall]),
      try threadCase(buffer),
    ]
  }

  private func threadCase(_ buffer: UserBuffer) throws -> Case {
    let completer = Completer(bench: self, work: try memory(24))
    return Case(
      name: "pended read, completed by another thread", clock: .wall, fewestTurns: 200,
      subject: Subject(name: "File.read") { try self.read(self.byThread, buffer, $0) },
      peers: [.peer("futex ping-pong, two threads") { r3b_futex_ping_pong($0) }],
      prepare: completer.start, cleanUp: completer.stop)
  }
}

/// A thread that stays inside the driver and completes what the driver keeps.
private final class Completer: @unchecked Sendable {
  private let bench: Bench
  private let work: UserBuffer
  private let ended = DispatchSemaphore(value: 0)

  init(bench: Bench, work: UserBuffer) {
    self.bench = bench
    self.work = work
  }

  func start() {
    Thread.detachNewThread {
      do {
        try self.bench.run(.completeLoop, on: self.bench.byThread, with: self.work)
      } catch {
        print("The thread that completes requests: \(error)")
      }
      self.ended.signal()
    }
  }

  func stop() throws {
    try bench.run(.completeStop, on: bench.byThread, with: work)
    ended.wait()
  }
}
