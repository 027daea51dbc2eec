import CDriverKit
import Machine
import TestSupport
import Testing

@testable import Framework
@testable import Ring3

@Suite struct DmaEnablerTests {
  @Test("DMA-01: an enabler is made when the device is added, and later")
  func creation() throws {
    let bench = try DmaBench()
    let added = try bench.control(0x801)
    #expect(bench.status(added[2]) == Dma.success)
    #expect(added[0] != 0 && added[3] != 0)
    #expect(try bench.tryEnabler(Dma.packet).handle != added[3])
  }

  @Test(
    "DMA-02: a wrong size, profile or length is refused, and so is an adapter with one register")
  func wrongConfigurations() throws {
    let bench = try DmaBench()
    #expect(try bench.tryEnabler(Dma.packet, size: 64).status == Dma.infoLengthMismatch)
    #expect(try bench.tryEnabler(Dma.packet, size: 88).status == Dma.infoLengthMismatch)
    for profile: UInt64 in [0, 9, 0xFFFF_FFFF] {
      #expect(try bench.tryEnabler(profile).status == Dma.invalidParameter)
    }
    #expect(try bench.tryEnabler(Dma.packet, 0).status == Dma.invalidParameter)
    bench.kernel.machine.hardware.limitMapRegisters(to: 1)
    #expect(try bench.tryEnabler(Dma.packet).status == Dma.insufficientResources)
  }

  @Test("DMA-02: profiles of system DMA controllers are not supported")
  func systemProfiles() throws {
    let bench = try DmaBench()
    for profile: UInt64 in [7, 8] {
      #expect(try bench.tryEnabler(profile).status == NTStatus(bits: 0xC000_00BB))
    }
  }

  @Test("DMA-02: the version of DMA must be one that goes with the rest")
  func versions() throws {
    let bench = try DmaBench()
    func version(_ version: UInt64, width: UInt64 = 0) throws -> UInt64? {
      let (status, handle) = try bench.tryEnabler(Dma.packet64, width: width, version: version)
      return status == Dma.success ? try bench.control(0x803, handle)[7] : nil
    }
    #expect(try version(0) == 2 && version(2) == 2 && version(3) == 3)
    #expect(try version(0, width: 40) == 3)
    #expect(try version(1) == nil && version(4) == nil)
    #expect(try version(2, width: 40) == nil)
    #expect(try bench.tryEnabler(Dma.packet, width: 33).status == Dma.invalidParameter)
    // One transfer for everything needs version 3.
    #expect(try bench.tryEnabler(Dma.packet, flags: 2).status == Dma.invalidParameter)
    #expect(try bench.tryEnabler(Dma.packet, version: 3, flags: 2).status == Dma.success)
  }

  @Test("DMA-03, DMA-07: profiles and directions have the values of the kit")
  func constants() {
    #expect(WdfDmaProfileInvalid.rawValue == 0 && WdfDmaProfilePacket.rawValue == 1)
    #expect(WdfDmaProfileScatterGather.rawValue == 2 && WdfDmaProfilePacket64.rawValue == 3)
    #expect(WdfDmaProfileScatterGather64.rawValue == 4)
    #expect(WdfDmaProfileScatterGatherDuplex.rawValue == 5)
    #expect(WdfDmaProfileScatterGather64Duplex.rawValue == 6)
    #expect(WdfDmaProfileSystem.rawValue == 7 && WdfDmaProfileSystemDuplex.rawValue == 8)
    #expect(WdfDmaDirectionReadFromDevice.rawValue == 0)
    #expect(WdfDmaDirectionWriteToDevice.rawValue == 1)
  }

  @Test("DMA-03: profiles without 64 reach 4 GiB: what lies above goes through map registers")
  func lowAddresses() throws {
    let bench = try DmaBench(BlockMover(addressWidth: 32), configuration: DmaBench.large)
    try bench.makePool(20000, seed: 9)
    #expect(try bench.control(0x81F, 0, 0)[0] >= 1 << 32)
    for profile in [Dma.packet, Dma.scatterGather, 5] {
      bench.setMemory([UInt8](repeating: 0, count: 20000))
      let transaction = try bench.makeTransaction(try bench.makeEnabler(profile))
      let figures = try bench.move(transaction, offset: 5, 19000)
      #expect(figures.errors == 0 && figures.highest <= 1 << 32)
      #expect(bench.memory(19000) == Array(DmaBench.pattern(20000, 9)[5..<19005]))
    }
    let transaction = try bench.makeTransaction(try bench.makeEnabler(Dma.scatterGather64))
    try bench.setRun([])
    _ = try bench.initialize(transaction, 20000)
    _ = try bench.execute(transaction)
    #expect(try bench.run().highest > 1 << 32)
  }

  @Test("DMA-03: a read through map registers arrives in the buffer")
  func bouncedRead() throws {
    let bench = try DmaBench(BlockMover(addressWidth: 24), configuration: DmaBench.large)
    try bench.makePool(30000)
    bench.setMemory(DmaBench.pattern(30000, 3))
    let enabler = try bench.makeEnabler(Dma.scatterGather, 8192, width: 24)
    let figures = try bench.move(try bench.makeTransaction(enabler), direction: Dma.read, 30000)
    #expect(figures.errors == 0 && figures.highest <= 1 << 24 && figures.calls == 4)
    #expect(try bench.control(0x811, 0, 30000, 3)[0] == 30000)
  }

  @Test("DMA-04: the parent is the device, or what the driver gives of the device's")
  func parents() throws {
    let bench = try DmaBench()
    let devices = try bench.control(0x801)
    let enabler = try bench.makeEnabler(Dma.scatterGather64)
    let parent: (UInt64) throws -> UInt64 = { handle in
      try bench.kernel.inSystem {
        bench.kernel.machine.framework.object(handle).parent?.handle ?? 0
      }
    }
    #expect(try parent(enabler) == bench.device)
    let child = try bench.makeEnabler(Dma.scatterGather64, parent: enabler)
    #expect(try parent(child) == enabler)
    #expect(
      try bench.tryEnabler(Dma.packet, parent: devices[1]).status == Dma.objectAttributesInvalid)
  }

  @Test("DMA-05: the longest transfer is the device's; map registers make fragments shorter")
  func lengths() throws {
    let bench = try DmaBench(registers: 5)
    let figures = try bench.control(0x803, try bench.makeEnabler(Dma.scatterGather64, 1 << 20))
    #expect(figures[..<4] == [1 << 20, 4 << 12, 4 << 12, 0])
    let short = try bench.control(0x803, try bench.makeEnabler(Dma.packet, 1000))
    #expect(short[..<4] == [1000, 1000, 1000, 0])
    #expect(short[5] == short[6])
    let duplex = try bench.control(0x803, try bench.makeEnabler(Dma.scatterGather64Duplex))
    #expect(duplex[5] != duplex[6] && duplex[5] != 0 && duplex[6] != 0)
  }

  @Test("DMA-06: any number of elements, until the driver sets one; 0 changes nothing")
  func elements() throws {
    let bench = try DmaBench()
    let enabler = try bench.makeEnabler(Dma.scatterGather64)
    #expect(try bench.control(0x803, enabler)[4] == 0xFFFF_FFFF)
    try bench.control(0x804, enabler, 7)
    try bench.control(0x804, enabler, 0)
    #expect(try bench.control(0x803, enabler)[4] == 7)
    try bench.control(0x804, enabler, 1 << 40)
    #expect(try bench.control(0x803, enabler)[4] == 0xFFFF_FFFF)
  }
}

/// Enablers of a device that the system starts, stops and gives power.
@Suite struct DmaPowerPathTests {
  @Test func `enablers hear of start, power and removal`() throws {
    let bench = try DmaBench()
    #expect(bench.root.state == .started)
    #expect(try bench.events() == "FES")
    try bench.root.setPower(.d3)
    #expect(try bench.events() == "sdf")
    try bench.root.setPower(.d0)
    #expect(try bench.events() == "FES")
    try bench.root.remove()
    #expect(try bench.events() == "sdf")
  }

  @Test func `a device whose enabler fails does not come back`() throws {
    let bench = try DmaBench()
    try bench.root.setPower(.d3)
    _ = try bench.events()
    try bench.control(0x81B, UInt64(UInt8(ascii: "E")))
    let error = #expect(throws: KernelError.self) { try bench.root.setPower(.d0) }
    #expect(error?.status == NTStatus(bits: 0xC000_00A3))
    #expect(try bench.events() == "FEf")
    // Its removal is asked for, and done by another thread.
    try bench.kernel.settleDevices()
    #expect(bench.root.state != .started)
  }
}

/// What enablers hear of the power of their device.
@Suite struct DmaPowerTests {
  private let bench: DmaBench

  init() throws {
    bench = try DmaBench()
    // The enabler that was made with the device.
    try bench.delete(try bench.control(0x801)[3])
    _ = try bench.events()
  }

  private func change(isOn: Bool) throws -> Int32 {
    let framework = bench.kernel.machine.framework
    return try bench.kernel.inSystem {
      let device = framework.device(bench.device)
      return isOn ? framework.enableDma(of: device) : framework.disableDma(of: device)
    }
  }

  @Test func `fill, enable and start on the way up, stop, disable and flush on the way down`()
    throws
  {
    _ = try bench.makeEnabler(Dma.packet, hasEvents: true)
    _ = try bench.makeEnabler(Dma.scatterGather64, hasEvents: true)
    _ = try change(isOn: true)
    #expect(try bench.events() == "FESFES")
    #expect(try change(isOn: true) == 0)
    #expect(try bench.events() == "")
    #expect(try change(isOn: false) == 0)
    #expect(try bench.events() == "sdfsdf")
    #expect(try change(isOn: false) == 0)
    #expect(try bench.events() == "")
  }

  @Test(
    arguments: [("F", "F", ""), ("E", "FE", "f"), ("S", "FES", "df")])
  func `what a failing callback did not do is not undone`(
    failing: String, up: String, down: String
  ) throws {
    _ = try bench.makeEnabler(Dma.packet, hasEvents: true)
    try bench.control(0x81B, UInt64(failing.utf8.first ?? 0))
    #expect(try change(isOn: true) == Int32(bitPattern: 0xC000_00A3))
    #expect(try bench.events() == up)
    #expect(try change(isOn: false) == 0)
    #expect(try bench.events() == down)
  }

  @Test func `all callbacks run on the way down, and the first failure is the result`() throws {
    _ = try bench.makeEnabler(Dma.packet, hasEvents: true)
    _ = try change(isOn: true)
    _ = try bench.events()
    try bench.control(0x81B, UInt64(UInt8(ascii: "s")))
    #expect(try change(isOn: false) == Int32(bitPattern: 0xC000_00A3))
    #expect(try bench.events() == "sdf")
  }

  @Test func `an enabler that was deleted hears no more`() throws {
    let first = try bench.makeEnabler(Dma.packet, hasEvents: true)
    let second = try bench.makeEnabler(Dma.packet, hasEvents: true)
    _ = try bench.makeEnabler(Dma.packet, hasEvents: true)
    try bench.delete(second)
    try bench.delete(first)
    _ = try change(isOn: true)
    #expect(try bench.events() == "FES")
  }
}
