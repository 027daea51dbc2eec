import Machine
@testable import Memory
import Testing

@Suite struct MdlStressTests {
  @Test("MDL-20, MDL-21: locks of many threads hold their pages while others trim, copy and free")
  func concurrency() async throws {
    let test = try TestMachine()
    let machine = test.machine
    let process = test.process
    let general = machine.state.pointee.memory.general.freeCount
    let address = try test.commit(32)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for worker in 0..<3 {
        group.addTask {
          try machine.inside(process) {
            Self.work(machine, process, address + UInt(worker * 8 * 4096), UInt8(worker + 1))
          }
        }
      }
      group.addTask {
        for _ in 0..<300 {
          process.trim(address, 32 * 4096)
          guard let other = process.commit(4096, .readWrite) else { return 1 }
          _ = process.frame(at: other, forWriting: true)
          process.decommit(other, 4096)
        }
        return 0
      }
      for try await wrong in group { #expect(wrong == 0) }
    }
    #expect(machine.lockedPageCount == 0)
    #expect(machine.systemMappingCount == 0)
    #expect(machine.mdlCount == 0)
    process.decommit(address, 32 * 4096)
    #expect(machine.state.pointee.memory.general.freeCount == general)
    withExtendedLifetime(test) {}
  }

  /// Writes through mappings and reads the user's side, and the reverse; gives the number of differences.
  private static func work(
    _ machine: Machine, _ process: Process, _ address: UInt, _ seed: UInt8
  ) -> Int {
    var wrong = 0
    for round in 0..<400 {
      let start = address + UInt(round % 5) * 4096 + UInt(round % 4096)
      guard let mdl = try? machine.lockedMdl(process, start, 9000, forWriting: true),
        let bytes = mdl.systemAddress()
      else { return -1 }
      bytes.storeBytes(
        of: seed &+ UInt8(truncatingIfNeeded: round), toByteOffset: 8999, as: UInt8.self)
      var seen: UInt8 = 0
      if !process.copyIn(from: start + 8999, 1, to: &seen) { wrong += 1 }
      if seen != seed &+ UInt8(truncatingIfNeeded: round) { wrong += 1 }
      seen = seen &* 3
      if !process.copyOut(to: start + 1, 1, from: &seen) { wrong += 1 }
      if bytes.load(fromByteOffset: 1, as: UInt8.self) != seen { wrong += 1 }
      machine.freeMdlChain(mdl)
    }
    return wrong
  }
}
