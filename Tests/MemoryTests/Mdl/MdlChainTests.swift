import CDriverKit
import Machine
@testable import Memory
import Testing

@Suite struct MdlChainTests {
  @Test("MDL-10: IoAllocateMdl describes a buffer, up to 4 GiB less a page")
  func allocate() throws {
    let test = try TestMachine()
    try test.inside {
      CurrentThread.irql = 2
      defer { CurrentThread.irql = 0 }
      let mdl = try #require(ioAllocateMdl(0x12345, 0x2000, 0, 0, nil))
      #expect(Mdl(mdl).address == 0x12345)
      #expect(Mdl(mdl).pageCount == 3)
      #expect(Mdl(mdl).flags == [])
      ioFreeMdl(mdl)
      #expect(ioAllocateMdl(0, 0xFFFF_F001, 0, 0, nil) == nil)
    }
    #expect(test.machine.mdlCount == 0)
  }

  @Test("MDL-11, MDL-12: with a request the list becomes its first, or its last")
  func request() throws {
    let test = try TestMachine()
    try test.inside {
      var irp = IRP()
      let old = try #require(ioAllocateMdl(0x1000, 1, 0, 0, &irp))
      #expect(irp.MdlAddress == old)
      let first = try #require(ioAllocateMdl(0x2000, 1, 0, 0, &irp))
      #expect(irp.MdlAddress == first)
      let second = try #require(ioAllocateMdl(0x3000, 1, 1, 0, &irp))
      let third = try #require(ioAllocateMdl(0x4000, 1, 1, 0, &irp))
      #expect(irp.MdlAddress == first)
      #expect(first.pointee.Next == second)
      #expect(second.pointee.Next == third)
      #expect(third.pointee.Next == nil)
      let alone = try #require(ioAllocateMdl(0x5000, 1, 1, 0, nil))
      #expect(alone.pointee.Next == nil)
      #expect(third.pointee.Next == nil)
      for mdl in [old, first, second, third, alone] { ioFreeMdl(mdl) }
    }
    #expect(test.machine.mdlCount == 0)
  }

  @Test("MDL-13: a chain is the concatenation of its buffers")
  func gather() throws {
    let test = try TestMachine()
    let address = try test.commit(8)
    let bytes = test.fill(address, 8 * 4096)
    let parts = [(100, 5000), (9000, 1), (12000, 9000)]
    try test.inside {
      let lists = try parts.map {
        try test.machine.lockedMdl(test.process, address + UInt($0.0), $0.1, forWriting: false)
      }
      lists[0].append(lists[1])
      lists[0].append(lists[2])
      var gathered: [UInt8] = []
      var total = 0
      var next: Mdl? = lists[0]
      while let mdl = next {
        let start = try #require(mdl.systemAddress())
        gathered += UnsafeRawBufferPointer(start: start, count: mdl.byteCount)
        total += mdl.byteCount
        next = mdl.next
      }
      #expect(total == 14001)
      #expect(gathered == parts.flatMap { bytes[$0.0..<($0.0 + $0.1)] })
      test.machine.freeMdlChain(lists[0])
    }
    #expect(test.machine.mdlCount == 0)
  }

  @Test("MDL-14: IoFreeMdl frees one list alone")
  func freeHead() throws {
    let test = try TestMachine()
    try test.inside {
      let first = try #require(ioAllocateMdl(0x1000, 1, 0, 0, nil))
      let second = try #require(ioAllocateMdl(0x2000, 1, 0, 0, nil))
      Mdl(first).append(Mdl(second))
      ioFreeMdl(first)
      #expect(test.machine.mdlCount == 1)
      #expect(Mdl(second).address == 0x2000)
      ioFreeMdl(second)
    }
  }

  @Test("MDL-14: freeing a locked list is bug check 0xC4/0xB8 when the machine verifies")
  func freeLocked() throws {
    let test = try TestMachine(verifies: true)
    let address = try test.commit(1)
    let values = try test.bugCheck {
      let mdl = try test.machine.lockedMdl(test.process, address, 8, forWriting: false)
      ioFreeMdl(mdl.pointer)
    }
    #expect(values.prefix(2) == [0xC4, 0xB8])
    #expect(values[3] == 2)
  }

  @Test("MDL-14: a list that is freed twice is bug check 0xC2")
  func freeTwice() throws {
    let test = try TestMachine()
    let values = try test.bugCheck {
      let mdl = try #require(ioAllocateMdl(0x1000, 1, 0, 0, nil))
      ioFreeMdl(mdl)
      ioFreeMdl(mdl)
    }
    #expect(values[0] == 0xC2)
  }

  @Test("MDL-15: the lists of a completed request are unmapped, unlocked and freed")
  func complete() throws {
    let test = try TestMachine()
    let address = try test.commit(4)
    try test.inside {
      let first = try test.machine.lockedMdl(test.process, address, 4096, forWriting: true)
      let second = try test.machine.lockedMdl(test.process, address + 4096, 99, forWriting: true)
      let partial = try #require(test.machine.allocateMdl(address, 10))
      partial.build(partOf: first, address, 10)
      first.append(partial)
      first.append(second)
      #expect(partial.systemAddress() != nil)
      #expect(second.systemAddress() != nil)
      #expect(test.machine.lockedPageCount == 2)
      test.machine.freeMdlChain(first)
    }
    #expect(test.machine.lockedPageCount == 0)
    #expect(test.machine.systemMappingCount == 0)
    #expect(test.machine.systemMappedPageCount == 0)
    #expect(test.machine.mdlCount == 0)
  }
}
