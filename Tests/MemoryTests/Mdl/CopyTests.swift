import Glibc
import Machine
import Memory
import Testing

@Suite struct CopyTests {
  @Test("BUF-10: copies reach pages that were never touched, and pages that were trimmed")
  func residency() throws {
    let test = try TestMachine()
    let address = try test.commit(4)
    let bytes = test.fill(address + 100, 3 * 4096)
    test.process.trim(address, 4 * 4096)
    #expect(test.process.pointer.pointee.space.entry(at: address)?.pointee.isResident == false)
    #expect(test.bytes(address + 100, 3 * 4096) == bytes)
    #expect(try test.inside { test.bytes(address + 100, 3 * 4096) } == bytes)
  }

  @Test(
    "BUF-10: a copy gives the same bytes wherever in their pages both sides lie",
    arguments: [0, 1, 16, 31, 32, 4095] as [UInt])
  func places(offset: UInt) throws {
    let test = try TestMachine()
    let address = try test.commit(4)
    let bytes = test.fill(address + offset, 2 * 4096 + 77)
    try test.inside {
      let page = UnsafeMutableRawPointer.allocate(byteCount: 3 * 4096, alignment: 4096)
      defer { page.deallocate() }
      for (from, to) in [(UInt(0), 0), (0, 31), (1025, 0), (2048, 17)] {
        let count = bytes.count - Int(from)
        #expect(test.process.copyIn(from: address + offset + from, count, to: page + to))
        #expect(
          [UInt8](UnsafeRawBufferPointer(start: page + to, count: count))
            == [UInt8](bytes[Int(from)...]))
        #expect(test.process.copyOut(to: address + offset, count, from: page + to))
        #expect(test.process.copyOut(to: address + offset + from, count, from: page + to))
      }
    }
  }

  @Test("BUF-19: a copy stops at the first page that is gone")
  func gone() throws {
    let test = try TestMachine()
    let address = try test.commit(3)
    _ = test.fill(address, 3 * 4096, seed: 1)
    test.process.decommit(address + 4096, 4096)
    let isDone = try test.inside {
      let source = [UInt8](repeating: 0xEE, count: 3 * 4096)
      return source.withUnsafeBytes {
        test.process.copyOut(to: address, 3 * 4096, from: $0.baseAddress.unsafelyUnwrapped)
      }
    }
    #expect(!isDone)
    #expect(test.bytes(address, 4096).allSatisfy { $0 == 0xEE })
    #expect(!test.bytes(address + 2 * 4096, 4096).allSatisfy { $0 == 0xEE })
  }

  @Test("BUF-11: a copy obeys protection, range and process")
  func refused() throws {
    let test = try TestMachine()
    let other = try test.machine.makeProcess("other")
    let address = try test.commit(1, .readOnly)
    try test.inside {
      var byte: UInt8 = 0
      #expect(test.process.copyIn(from: address, 1, to: &byte))
      #expect(!test.process.copyOut(to: address, 1, from: &byte))
      #expect(!other.copyIn(from: address, 1, to: &byte))
      #expect(!test.process.copyIn(from: UserRange.end, 1, to: &byte))
      #expect(!test.process.copyIn(from: UInt.max, 8, to: &byte))
      #expect(test.process.copyIn(from: UInt.max, 0, to: &byte))
    }
  }

  @Test("BUF-16: taking pages away waits for the copies under way")
  func concurrentDecommit() async throws {
    let test = try TestMachine()
    let machine = test.machine
    let process = test.process
    let address = try test.commit(2)
    let copier = Task.detached {
      try machine.inside(process) {
        let page = UnsafeMutableRawPointer.allocate(byteCount: 8192, alignment: 16)
        defer { page.deallocate() }
        memset(page, 0x55, 8192)
        var wrong = 0
        for _ in 0..<20_000 {
          guard process.copyOut(to: address, 8192, from: page),
            process.copyIn(from: address, 8192, to: page)
          else { break }
          if page.load(fromByteOffset: 4096, as: UInt8.self) != 0x55 { wrong += 1 }
        }
        return wrong
      }
    }
    for _ in 0..<200 { process.trim(address, 8192) }
    #expect(try await copier.value == 0)
    process.decommit(address, 8192)
    let general = machine.state.pointee.memory.general
    #expect(general.freeCount == general.count)
    withExtendedLifetime(test) {}
  }
}
