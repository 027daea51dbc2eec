import CDriverKit
import Machine
@testable import Memory
import NTTypes
import Testing

@Suite struct PartialMdlTests {
  @Test(
    "MDL-36: a part has the frames of its pages",
    arguments: [(0, 1), (100, 4000), (4095, 2), (4096, 4096), (5000, 9000), (0, 0), (10000, 0)])
  func part(offset: Int, count: Int) throws {
    let test = try TestMachine()
    let address = try test.commit(5) + 0x10
    try test.inside {
      let source = try test.machine.lockedMdl(test.process, address, 4 * 4096, forWriting: true)
      let target = try #require(test.machine.allocateMdl(address, 4 * 4096))
      let length = count == 0 ? 4 * 4096 - offset : count
      ioBuildPartialMdl(source.pointer, target.pointer, address + UInt(offset), UInt32(count))
      #expect(target.flags == .partial)
      #expect(target.address == address + UInt(offset))
      #expect(target.byteCount == length)
      let first = (0x10 + offset) >> 12
      for index in 0..<target.pageCount {
        #expect(target.frames[index] == source.frames[first + index])
      }
      #expect(target.process == test.process)
      test.machine.freeMdl(target)
      test.machine.freeMdlChain(source)
    }
    #expect(test.machine.mdlCount == 0)
  }

  @Test(
    "MDL-37: too small a target, an unlocked source and a part beyond the end are bug checks",
    arguments: 0..<3)
  func refused(kind: Int) throws {
    let test = try TestMachine()
    let address = try test.commit(4)
    let values = try test.bugCheck {
      let source = try test.machine.lockedMdl(test.process, address, 3 * 4096, forWriting: true)
      let target = try #require(test.machine.allocateMdl(address, kind == 0 ? 4096 : 4 * 4096))
      if kind == 1 { source.unlock() }
      target.build(partOf: source, address + 1, kind == 2 ? 3 * 4096 : 4096)
    }
    #expect(values.prefix(1) == [kind == 0 ? 0x40 : 0xC4])
  }

  @Test("MDL-38: a part shares the mapping of its source, or has one of its own")
  func mapping() throws {
    let test = try TestMachine()
    let address = try test.commit(4)
    let bytes = test.fill(address, 4 * 4096)
    try test.inside {
      let source = try test.machine.lockedMdl(test.process, address, 4 * 4096, forWriting: true)
      let part = try #require(test.machine.allocateMdl(address, 4 * 4096))
      part.build(partOf: source, address + 5000, 100)
      let own = try #require(part.systemAddress())
      #expect(part.flags == [.partial, .mappedToSystem, .partialHasBeenMapped])
      #expect(Array(UnsafeRawBufferPointer(start: own, count: 100)) == Array(bytes[5000..<5100]))
      part.prepareForReuse()
      #expect(part.flags == .partial)

      let start = try #require(source.systemAddress())
      part.build(partOf: source, address + 6000, 100)
      #expect(part.flags == [.partial, .mappedToSystem])
      #expect(part.systemAddress() == start + 6000)
      #expect(test.machine.systemMappingCount == 1)
      ioFreeMdl(part.pointer)
      #expect(test.machine.systemMappingCount == 1)
      test.machine.freeMdlChain(source)
    }
    #expect(test.machine.systemMappingCount == 0)
  }

  @Test("MDL-38: unlocking the source of a mapped part is a bug check")
  func unlockSource() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    let values = try test.bugCheck {
      let source = try test.machine.lockedMdl(test.process, address, 4096, forWriting: true)
      let part = try #require(test.machine.allocateMdl(address, 4096))
      part.build(partOf: source, address, 100)
      _ = part.systemAddress()
      source.unlock()
    }
    #expect(values.prefix(2) == [0xC4, 0xB4])
  }

  @Test("MDL-38: mapping a part whose source was unlocked is a bug check")
  func mapLate() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    let values = try test.bugCheck {
      let source = try test.machine.lockedMdl(test.process, address, 4096, forWriting: true)
      let part = try #require(test.machine.allocateMdl(address, 4096))
      part.build(partOf: source, address, 100)
      source.unlock()
      _ = part.systemAddress()
    }
    #expect(values.prefix(2) == [0xC4, 0xB3])
  }

  @Test("MDL-38: a part of nonpaged pool has the pool's own address")
  func nonpaged() throws {
    let test = try TestMachine()
    try test.inside {
      let block = try #require(
        test.machine.pool.allocate(9000, kind: .nonpaged, tag: TestMachine.tag))
      let start = UInt(bitPattern: block)
      let source = try #require(test.machine.allocateMdl(start, 9000))
      source.buildForNonpagedPool()
      let part = try #require(test.machine.allocateMdl(start, 9000))
      part.build(partOf: source, start + 4321, 50)
      #expect(part.systemAddress() == block + 4321)
      #expect(part.flags == [.partial, .sourceIsNonpagedPool])
      for mdl in [part, source] { ioFreeMdl(mdl.pointer) }
      test.machine.pool.free(block)
    }
    #expect(test.machine.systemMappingCount == 0)
  }

  @Test("MDL-39: one list serves for a hundred parts")
  func reuse() throws {
    let test = try TestMachine()
    let address = try test.commit(40)
    let bytes = test.fill(address, 40 * 4096)
    try test.inside {
      let source = try test.machine.lockedMdl(test.process, address, 40 * 4096, forWriting: true)
      let part = try #require(test.machine.allocateMdl(address, 2 * 4096))
      for index in 0..<100 {
        let offset = index * 1571
        part.build(partOf: source, address + UInt(offset), 1571)
        let start = try #require(part.systemAddress())
        #expect(
          UnsafeRawBufferPointer(start: start, count: 1571).elementsEqual(
            bytes[offset..<(offset + 1571)]))
        part.prepareForReuse()
      }
      ioFreeMdl(part.pointer)
      test.machine.freeMdlChain(source)
    }
    #expect(test.machine.systemMappingCount == 0)
  }

  @Test("MDL-40: advancing moves the start, keeps the end and unlocks what lies behind")
  func advance() throws {
    let test = try TestMachine()
    let address = try test.commit(4)
    let bytes = test.fill(address, 4 * 4096)
    try test.inside {
      for isMapped in [false, true] {
        let mdl = try test.machine.lockedMdl(
          test.process, address + 10, 3 * 4096, forWriting: true)
        let frames = (0..<4).map { mdl.frames[$0] }
        if isMapped { _ = mdl.systemAddress() }
        #expect(mmAdvanceMdl(mdl.pointer, 1) == 0)
        #expect(mdl.address == address + 11)
        #expect(mdl.byteCount == 3 * 4096 - 1)
        #expect(test.machine.lockedPageCount == 4)
        #expect(mmAdvanceMdl(mdl.pointer, 4096) == 0)
        #expect(mdl.address == address + 4107)
        #expect(test.machine.lockedPageCount == 3)
        #expect(test.process.lockCount(at: address) == 0)
        #expect((0..<3).map { mdl.frames[$0] } == Array(frames[1...]))
        #expect(mdl.systemAddress()?.load(as: UInt8.self) == bytes[4107])
        #expect(
          mmAdvanceMdl(mdl.pointer, UInt32(mdl.byteCount) + 1) == NTStatus.invalidParameter2.code)
        #expect(mmAdvanceMdl(mdl.pointer, UInt32(mdl.byteCount)) == 0)
        #expect(mdl.byteCount == 0)
        #expect(mdl.address == address + 10 + 3 * 4096)
        #expect(test.machine.lockedPageCount == 0)
        test.machine.freeMdlChain(mdl)
      }
    }
    #expect(test.machine.systemMappedPageCount == 0)
    #expect(test.machine.systemMappingCount == 0)
  }

  @Test("MDL-40: advancing goes on after the addresses were freed")
  func advanceFreed() throws {
    let test = try TestMachine()
    let general = test.machine.state.pointee.memory.general.freeCount
    let address = try test.commit(4)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address, 4 * 4096, forWriting: true)
      test.process.decommit(address, 4 * 4096)
      #expect(mdl.advance(2 * 4096))
      #expect(test.machine.state.pointee.memory.general.freeCount == general - 2)
      test.machine.freeMdlChain(mdl)
    }
    #expect(test.machine.state.pointee.memory.general.freeCount == general)
  }
}
