import CBenchPeers
import Foundation
import Ring3

// The same work while little and while much is live; the start of a kernel; what a driver measures.
extension Bench {
  func scaleCases() throws -> [Case] {
    try memoryScale(1000) + memoryScale(1_000_000) + tagScale(10) + tagScale(10_000)
      + waitingScale(100) + waitingScale(100_000)
  }

  private func memoryScale(_ live: UInt64) -> [Case] {
    [
      Case(
        name: "WDFMEMORY pair with \(live) live",
        subject: Subject(name: "create + delete") {
          try self.run(FrameworkLoop.memoryPair, $0, size: 32)
        },
        peers: [],
        prepare: { try self.run(FrameworkLoop.memoryFill, live, size: 32) },
        cleanUp: { try self.run(FrameworkLoop.memoryDrain, 0, size: 0) })
    ]
  }

  private func tagScale(_ count: UInt64) -> [Case] {
    [
      Case(
        name: "pool pair with \(count) tags",
        subject: Subject(name: "allocate + free, each time another tag") {
          try self.run(Load.tags, $0, choice: count)
        },
        peers: [],
        prepare: { try self.run(Load.tags, 2 * count, choice: count) })
    ]
  }

  private func waitingScale(_ count: Int) throws -> [Case] {
    let buffer = try memory(64)
    let waiting = Waiting()
    return [
      Case(
        name: "read with \(count) pending",
        subject: Subject(name: "startRead + cancel + wait") { turns in
          for _ in 0..<turns {
            let request = try self.load.startRead(into: buffer)
            request.cancel()
            if try request.wait()?.status == .success { throw BenchError("not cancelled") }
          }
        },
        peers: [],
        prepare: {
          for _ in 0..<count { waiting.requests.append(try self.load.startRead(into: buffer)) }
        },
        cleanUp: {
          try self.run(Load.release)
          for request in waiting.requests { _ = try request.wait() }
          waiting.requests = []
        })
    ]
  }

  /// Requests that are kept from going away.
  private final class Waiting {
    var requests: [PendingRequest] = []
  }

  // MARK: What a driver measures itself

  func insideCases() -> [Case] {
    let works = ["pool pair, 256 B", "request packet", "control request, 4 KiB"]
    return works.enumerated().map { what, name in
      Case(
        name: "inside: " + name,
        subject: Subject(
          name: "by the driver",
          run: { _ = try self.measureInside(UInt64(what), $0) },
          measureItself: { try self.measureInside(UInt64(what), $0) }),
        peers: [])
    } + [insideEcho()]
  }

  private func insideEcho() -> Case {
    let buffers = [try? memory(4096), try? memory(4096)].compactMap { $0 }
    return Case(
      name: "inside.sys, DeviceIoControl, 4 KiB", clock: .wall,
      subject: Subject(name: "File.deviceControl") { count in
        for _ in 0..<count {
          let answer = try self.inside.deviceControl(
            IoControlCode(bits: 0x8000_2000), inputAt: buffers[0].address, inputCount: 4096,
            outputAt: buffers[1].address, outputCount: 4096)
          if answer.status != .success { throw BenchError("control: \(answer.status)") }
        }
      },
      peers: [])
  }

  // MARK: The start of a kernel

  func startCases() throws -> [Case] {
    let image = try Self.image("bench")
    return [
      Case(
        name: "kernel, driver, first request",
        subject: Subject(name: "Kernel + load + open + read") { count in
          for _ in 0..<count { try Self.start(image) }
        },
        peers: [])
    ]
  }

  private static func start(_ image: [UInt8]) throws {
    let kernel = try Kernel()
    try kernel.load(bytes: image, name: "bench")
    let process = try kernel.makeProcess("bench.exe")
    _ = try process.open(#"\\.\BenchBuffered"#).read(count: 64)
  }

  /// Bytes that one more kernel with a driver keeps in memory, when it has answered a request.
  static func idleMemory() throws -> UInt64 {
    let image = try image("bench")
    try start(image)
    let before = r3b_resident()
    let kernel = try Kernel()
    try kernel.load(bytes: image, name: "bench")
    let process = try kernel.makeProcess("bench.exe")
    _ = try process.open(#"\\.\BenchBuffered"#).read(count: 64)
    let after = r3b_resident()
    return withExtendedLifetime((kernel, process)) { after - min(before, after) }
  }
}
