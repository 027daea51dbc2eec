import Machine
@testable import Memory
import NTTypes
import Testing

private let violation = UInt64(NTStatus.accessViolation.bits)

@Suite struct MdlLockTests {
  @Test("MDL-17: locking makes pages resident, fills in frames and sets flags")
  func lock() throws {
    let test = try TestMachine()
    let address = try test.commit(2)
    try test.inside {
      let mdl = try #require(test.machine.allocateMdl(address + 8, 4096))
      mmProbeAndLockPages(mdl.pointer, 1, 0)
      #expect(mdl.flags.rawValue == 2)
      #expect(mdl.process == test.process)
      #expect(mdl.frames[0] != 0 && mdl.frames[1] != 0)
      mmUnlockPages(mdl.pointer)
      mmProbeAndLockPages(mdl.pointer, 1, 1)
      #expect(mdl.flags.rawValue == 0x82)
      mmUnlockPages(mdl.pointer)
      mmProbeAndLockPages(mdl.pointer, 0, 2)
      #expect(mdl.flags.rawValue == 0x82)
      mmUnlockPages(mdl.pointer)
      ioFreeMdl(mdl.pointer)
    }
  }

  @Test("MDL-17: pages of another process are locked by name")
  func otherProcess() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    let bytes = test.fill(address, 100)
    let system = test.machine.systemProcess
    try test.machine.inside(system) {
      guard let mdl = test.machine.allocateMdl(address, 100) else { return }
      mmProbeAndLockProcessPages(mdl.pointer, UnsafeMutableRawPointer(test.process.pointer), 0, 0)
      #expect(mdl.process == test.process)
      let seen = UnsafeRawBufferPointer(start: mdl.systemAddress(), count: 100)
      #expect(Array(seen) == bytes)
      test.machine.freeMdlChain(mdl)
    }
    #expect(test.machine.lockedPageCount == 0)
  }

  @Test("MDL-18: what may not be locked raises, and nothing stays locked")
  func refused() throws {
    let test = try TestMachine()
    let address = try test.commit(3)
    test.process.protect(address + 4096, 4096, .readOnly)
    test.process.decommit(address + 8192, 4096)
    let system = UInt(bitPattern: test.machine.state.pointee.memory.address(of: 1))
    let cases: [(UInt, Int, Bool)] = [
      (address + 8192, 1, false), (address + 4096, 8192, false), (system, 16, false),
      (address, 8192, true), (UserRange.probeEnd - 16, 64, false), (UInt.max - 15, 64, false),
      (0x1000, 16, false),
    ]
    try test.inside {
      for (start, count, forWriting) in cases {
        let mdl = try #require(test.machine.allocateMdl(start, count))
        #expect(throws: NTStatus.accessViolation) {
          try mdl.lock(in: test.process, isUser: true, forWriting: forWriting)
        }
        #expect(!mdl.flags.contains(.pagesLocked))
        #expect(test.machine.lockedPageCount == 0)
        test.machine.freeMdl(mdl)
      }
    }
    let values = try test.bugCheck {
      let mdl = try #require(test.machine.allocateMdl(address + 8192, 1))
      mmProbeAndLockPages(mdl.pointer, 1, 0)
    }
    #expect(values.prefix(2) == [0x1E, violation])
  }

  @Test("MDL-18: without RAM the lock fails, and nothing stays locked")
  func outOfMemory() throws {
    let test = try TestMachine()
    let pages = test.machine.state.pointee.memory.general.count + 1
    let address = try test.commit(pages)
    try test.inside {
      let mdl = try #require(test.machine.allocateMdl(address, pages << 12))
      #expect(throws: NTStatus.insufficientResources) {
        try mdl.lock(in: test.process, isUser: true, forWriting: true)
      }
      #expect(test.machine.lockedPageCount == 0)
      test.machine.freeMdl(mdl)
    }
  }

  @Test("MDL-19: a read-only page is locked for reading, not for writing or both")
  func operation() throws {
    let test = try TestMachine()
    let address = try test.commit(1, .readOnly)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address, 8, forWriting: false)
      test.machine.freeMdlChain(mdl)
    }
    let values = try test.bugCheck {
      let mdl = try #require(test.machine.allocateMdl(address, 8))
      mmProbeAndLockPages(mdl.pointer, 1, 2)
    }
    #expect(values.prefix(2) == [0x1E, violation])
  }

  @Test("MDL-20: locked pages outlive trimming and freeing of their addresses")
  func residency() throws {
    let test = try TestMachine()
    let address = try test.commit(3)
    let bytes = test.fill(address, 3 * 4096)
    let free = test.machine.state.pointee.memory.general.freeCount
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address, 3 * 4096, forWriting: false)
      let before = (0..<3).map { mdl.frames[$0] }
      test.process.trim(address, 3 * 4096)
      let entry = try #require(test.process.pointer.pointee.space.entry(at: address))
      #expect(entry.pointee.isResident && UInt64(entry.pointee.frame) == before[0])
      test.process.decommit(address + 4096, 2 * 4096)
      let other = try test.commit(8)
      _ = test.fill(other, 8 * 4096, seed: 99)
      let start = try #require(mdl.systemAddress())
      #expect(Array(UnsafeRawBufferPointer(start: start, count: 3 * 4096)) == bytes)
      test.process.decommit(other, 8 * 4096)
      test.machine.freeMdlChain(mdl)
    }
    test.process.decommit(address, 4096)
    #expect(test.machine.state.pointee.memory.general.freeCount == free + 3)
  }

  @Test("MDL-21: a page stays locked until its last lock goes")
  func twice() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    try test.inside {
      let first = try test.machine.lockedMdl(test.process, address, 8, forWriting: true)
      let second = try test.machine.lockedMdl(test.process, address + 8, 8, forWriting: true)
      #expect(first.frames[0] == second.frames[0])
      #expect(test.process.lockCount(at: address) == 2)
      first.unlock()
      #expect(test.process.lockCount(at: address) == 1)
      test.process.trim(address, 4096)
      #expect(test.process.pointer.pointee.space.entry(at: address)?.pointee.isResident == true)
      second.unlock()
      #expect(test.process.lockCount(at: address) == 0)
      test.process.trim(address, 4096)
      #expect(test.process.pointer.pointee.space.entry(at: address)?.pointee.isResident == false)
      test.machine.freeMdl(first)
      test.machine.freeMdl(second)
    }
  }

  @Test("MDL-21: locking a locked list is bug check 0xC4/0xB0")
  func again() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    let values = try test.bugCheck {
      let mdl = try test.machine.lockedMdl(test.process, address, 8, forWriting: true)
      mmProbeAndLockPages(mdl.pointer, 1, 0)
    }
    #expect(values.prefix(2) == [0xC4, 0xB0])
    #expect(values[3...] == [0x82, 2])
  }

  @Test(
    "MDL-22: lists of nonpaged pool and parts of lists are not locked", arguments: [true, false])
  func notLockable(isPartial: Bool) throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    let values = try test.bugCheck {
      let mdl = try #require(test.machine.allocateMdl(address, 8))
      if isPartial {
        let source = try test.machine.lockedMdl(test.process, address, 8, forWriting: true)
        mdl.build(partOf: source, address, 8)
      } else {
        let block = try #require(
          test.machine.pool.allocate(64, kind: .nonpaged, tag: TestMachine.tag))
        mdl.initialize(UInt(bitPattern: block), 64)
        mmBuildMdlForNonPagedPool(mdl.pointer)
      }
      mmProbeAndLockPages(mdl.pointer, 0, 0)
    }
    #expect(values.prefix(2) == [0xC4, 0xB0])
    #expect(values[4] == (isPartial ? 0x10 : 4))
  }

  @Test(
    "MDL-22: pageable memory is locked at APC_LEVEL at most, other memory at DISPATCH_LEVEL at most"
  )
  func levels() throws {
    let test = try TestMachine(verifies: true)
    let address = try test.commit(1)
    try test.inside {
      let block = try #require(
        test.machine.pool.allocate(64, kind: .nonpaged, tag: TestMachine.tag))
      for (start, level) in [(address, 1), (UInt(bitPattern: block), 2)] as [(UInt, UInt8)] {
        let mdl = try #require(test.machine.allocateMdl(start, 8))
        CurrentThread.irql = level
        mmProbeAndLockPages(mdl.pointer, 0, 0)
        CurrentThread.irql = 2
        mmUnlockPages(mdl.pointer)
        CurrentThread.irql = 0
        ioFreeMdl(mdl.pointer)
      }
      test.machine.pool.free(block)
    }
    let values = try test.bugCheck {
      let mdl = try #require(test.machine.allocateMdl(address, 8))
      CurrentThread.irql = 2
      mmProbeAndLockPages(mdl.pointer, 1, 1)
    }
    #expect(values == [0xA, UInt64(address), 2, 1, 0])
  }

  @Test("MDL-22: paged pool is pageable, and no memory at all is locked above DISPATCH_LEVEL")
  func levelsOfPools() throws {
    let test = try TestMachine(verifies: true)
    let paged = try test.bugCheck {
      let block = try #require(test.machine.pool.allocate(64, kind: .paged, tag: TestMachine.tag))
      let mdl = try #require(test.machine.allocateMdl(UInt(bitPattern: block), 8))
      CurrentThread.irql = 2
      mmProbeAndLockPages(mdl.pointer, 0, 0)
    }
    #expect(paged[0] == 0xA)
    let other = try TestMachine(verifies: true)
    let high = try other.bugCheck {
      let block = try #require(
        other.machine.pool.allocate(64, kind: .nonpaged, tag: TestMachine.tag))
      let mdl = try #require(other.machine.allocateMdl(UInt(bitPattern: block), 8))
      CurrentThread.irql = 3
      mmProbeAndLockPages(mdl.pointer, 0, 0)
    }
    #expect(high.prefix(3) == [0xC4, 0x70, 3])
  }

  @Test("MDL-23: unlocking drops the mapping first, and clears the flags")
  func unlock() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address, 8, forWriting: true)
      #expect(mdl.systemAddress() != nil)
      #expect(mdl.flags.rawValue == 0x83)
      mmUnlockPages(mdl.pointer)
      #expect(mdl.flags.rawValue == 0)
      #expect(test.machine.systemMappingCount == 0)
      #expect(test.machine.lockedPageCount == 0)
      ioFreeMdl(mdl.pointer)
    }
  }

  @Test(
    "MDL-23: unlocking what is not locked is a bug check",
    arguments: [(false, [0x76, 1]), (true, [0xC4, 0x7C])] as [(Bool, [UInt64])])
  func unlockUnlocked(verifies: Bool, expected: [UInt64]) throws {
    let test = try TestMachine(verifies: verifies)
    let values = try test.bugCheck {
      let mdl = try #require(test.machine.allocateMdl(0x1000, 8))
      mmUnlockPages(mdl.pointer)
    }
    #expect(Array(values.prefix(2)) == expected)
  }

  @Test("MDL-23: unlocking a list of nonpaged pool is 0xC4/0x7D, a part of a list 0xC4/0xB4")
  func unlockWrongKind() throws {
    let test = try TestMachine()
    let nonpaged = try test.bugCheck {
      let block = try #require(
        test.machine.pool.allocate(64, kind: .nonpaged, tag: TestMachine.tag))
      let mdl = try #require(test.machine.allocateMdl(UInt(bitPattern: block), 64))
      mmBuildMdlForNonPagedPool(mdl.pointer)
      mmUnlockPages(mdl.pointer)
    }
    #expect(nonpaged.prefix(2) == [0xC4, 0x7D])
    let other = try TestMachine()
    let address = try other.commit(1)
    let partial = try other.bugCheck {
      let source = try other.machine.lockedMdl(other.process, address, 8, forWriting: true)
      let mdl = try #require(other.machine.allocateMdl(address, 8))
      mdl.build(partOf: source, address, 8)
      mmUnlockPages(mdl.pointer)
    }
    #expect(partial.prefix(2) == [0xC4, 0xB4])
  }

  @Test(
    "MDL-24: a process that ends with locked pages is bug check 0x76, or 0xCB",
    arguments: [false, true])
  func ending(verifies: Bool) throws {
    let test = try TestMachine(verifies: verifies)
    let address = try test.commit(3)
    var list: UInt64 = 0
    let values = try test.bugCheck {
      let mdl = try test.machine.lockedMdl(test.process, address, 3 * 4096, forWriting: true)
      list = mdl.bits
      test.process.endMemory()
    }
    let process = UInt64(UInt(bitPattern: test.process.pointer))
    #expect(values == (verifies ? [0xCB, 0, 0, list, 3] : [0x76, 0, process, 3, 0]))
  }

  @Test("MDL-24: a process without locked pages gives all its memory back")
  func endingClean() throws {
    let test = try TestMachine()
    let general = test.machine.state.pointee.memory.general.freeCount
    let address = try test.commit(3)
    _ = test.fill(address, 3 * 4096)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address, 3 * 4096, forWriting: true)
      test.machine.freeMdlChain(mdl)
      test.process.endMemory()
    }
    #expect(test.machine.state.pointee.memory.general.freeCount == general)
  }

  @Test("MDL-17: memory of the system is locked too: pool, a kernel stack, data of an image")
  func systemMemory() throws {
    let test = try TestMachine()
    try test.inside {
      let block = try #require(
        test.machine.pool.allocate(3 * 4096, kind: .paged, tag: TestMachine.tag))
      var onStack: UInt64 = 5
      try withUnsafeMutableBytes(of: &onStack) { stack in
        for buffer in [UnsafeMutableRawBufferPointer(start: block, count: 3 * 4096), stack] {
          let start = UInt(bitPattern: buffer.baseAddress)
          let mdl = try #require(test.machine.allocateMdl(start, buffer.count))
          mmProbeAndLockPages(mdl.pointer, 0, 1)
          #expect(mdl.process == nil)
          #expect(mdl.systemAddress() == buffer.baseAddress)
          #expect(test.machine.lockedPageCount == mdl.pageCount)
          test.machine.freeMdlChain(mdl)
        }
      }
      #expect(test.machine.lockedPageCount == 0)
      test.machine.pool.free(block)
    }
  }

  @Test("BUF-42: one byte locks one page")
  func oneByte() throws {
    let test = try TestMachine()
    let address = try test.commit(1)
    try test.inside {
      let mdl = try test.machine.lockedMdl(test.process, address + 4095, 1, forWriting: true)
      #expect(test.machine.lockedPageCount == 1)
      test.machine.freeMdlChain(mdl)
    }
  }

  @Test("MDL-25: a list of nonpaged pool has the buffer's own address")
  func nonpaged() throws {
    let test = try TestMachine()
    try test.inside {
      let block = try #require(
        test.machine.pool.allocate(9000, kind: .nonpaged, tag: TestMachine.tag))
      let start = block + 100
      let mdl = try #require(test.machine.allocateMdl(UInt(bitPattern: start), 8000))
      mmBuildMdlForNonPagedPool(mdl.pointer)
      #expect(mdl.flags.rawValue & 7 == 4)
      #expect(mdl.systemAddress() == start)
      for index in 0..<mdl.pageCount {
        let physical = mmGetPhysicalAddress(mdl.page + UInt(index) * 4096)
        #expect(mdl.frames[index] << 12 == physical)
      }
      ioFreeMdl(mdl.pointer)
      test.machine.pool.free(block)
    }
    #expect(test.machine.mdlCount == 0)
  }

  @Test("MDL-26: paged pool and kernel stacks are no nonpaged memory")
  func nonpagedMisuse() throws {
    let test = try TestMachine(verifies: true)
    let paged = try test.bugCheck {
      let block = try #require(test.machine.pool.allocate(64, kind: .paged, tag: TestMachine.tag))
      let mdl = try #require(test.machine.allocateMdl(UInt(bitPattern: block), 64))
      mmBuildMdlForNonPagedPool(mdl.pointer)
    }
    #expect(paged.prefix(2) == [0xC4, 0x7F])
    let other = try TestMachine(verifies: true)
    let stack = try other.bugCheck {
      var value = 0
      withUnsafeMutableBytes(of: &value) { bytes in
        let mdl = other.machine.allocateMdl(UInt(bitPattern: bytes.baseAddress), 8)
        mdl?.buildForNonpagedPool()
      }
    }
    #expect(stack.prefix(2) == [0xC4, 0x140])
    let third = try TestMachine()
    let nothing = try third.bugCheck {
      let mdl = third.machine.allocateMdl(0x6000_0000_0000, 8)
      mdl?.buildForNonpagedPool()
    }
    #expect(nothing.prefix(2) == [0x50, 0x6000_0000_0000])
  }
}
