import CDriverKit
import Framework
import Machine
import Memory
import Ring3
import TestSupport
import Testing

/// WDFCMRESLIST, WDFIORESREQLIST and WDFIORESLIST.
@Suite struct ResourceListTests {
  /// Makes a list of ports in the kernel.
  private func ports(_ starts: [Int64], _ body: (UnsafePointer<CM_RESOURCE_LIST>) -> Void) {
    let size = 20 + max(starts.count, 1) * MemoryLayout<CM_PARTIAL_RESOURCE_DESCRIPTOR>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let list = memory.bindMemory(to: CM_RESOURCE_LIST.self, capacity: 1)
    list.pointee.Count = 1
    list.pointee.List.InterfaceType = PCIBus
    list.pointee.List.BusNumber = 4
    list.pointee.List.PartialResourceList.Count = UInt32(starts.count)
    for (index, start) in starts.enumerated() {
      let descriptor = memory + 20 + index * MemoryLayout<CM_PARTIAL_RESOURCE_DESCRIPTOR>.stride
      descriptor.storeBytes(of: 1, as: UInt8.self)
      descriptor.storeBytes(of: start, toByteOffset: 4, as: Int64.self)
      descriptor.storeBytes(of: 8, toByteOffset: 12, as: UInt32.self)
    }
    body(list)
    memory.deallocate()
  }

  /// Makes a list for the driver's device; gives its handle.
  private func makeList(_ scenarios: ScenarioBench, _ starts: [Int64], _ access: ResourceAccess)
    throws
    -> UInt64
  {
    let device = try scenarios.run(0)[0]
    let machine = scenarios.kernel.machine
    var handle: UInt64 = 0
    try machine.inside(machine.systemProcess) {
      guard let device = FrameworkObject(handle: device) else { return }
      ports(starts) { list in
        handle =
          machine.framework.makeResourceList(device, list, access: access)?.handle ?? 0
      }
    }
    #expect(handle != 0)
    return handle
  }

  @Test("A list of resources is read and changed, and written back") func changed() throws {
    let scenarios = try ScenarioBench("wdf-resources")
    let handle = try makeList(scenarios, [0x100, 0x200], [.add, .remove])
    try scenarios.run(1, handle)
    let machine = scenarios.kernel.machine
    try machine.inside(machine.systemProcess) {
      let body = machine.framework.resourceList(handle)
      guard let list = machine.framework.copyList(body, tag: 0x7473_6554) else {
        Issue.record("no list")
        return
      }
      #expect(body.pointee.isChanged)
      #expect(list.pointee.Count == 1)
      #expect(list.pointee.List.PartialResourceList.Count == 2)
      #expect(list.pointee.List.InterfaceType == PCIBus)
      #expect(list.pointee.List.BusNumber == 4)
      let first = UnsafeRawPointer(list) + 20
      let stride = MemoryLayout<CM_PARTIAL_RESOURCE_DESCRIPTOR>.stride
      #expect(first.loadUnaligned(fromByteOffset: 4, as: Int64.self) == 0x80)
      #expect(first.loadUnaligned(fromByteOffset: stride + 4, as: Int64.self) == 0x300)
      machine.pool.free(list)
    }
  }

  @Test("A list that the driver may only read stays as it is") func readOnly() throws {
    let scenarios = try ScenarioBench("wdf-resources")
    try scenarios.run(2, makeList(scenarios, [0x100], []))
    try scenarios.run(2, makeList(scenarios, [], []))
  }

  @Test("Requirements are read and changed list by list, and written back") func requirements()
    throws
  {
    let scenarios = try ScenarioBench("wdf-resources")
    let device = try scenarios.run(0)[0]
    let machine = scenarios.kernel.machine
    var handles: [UInt64] = []
    try machine.inside(machine.systemProcess) {
      guard let device = FrameworkObject(handle: device) else { return }
      requirements([[0x100], [0x200, 0x300]]) { list in
        for _ in 0..<2 {
          let body = machine.framework.makeRequirements(device, list, access: [.add, .remove])
          if let body { handles.append(body.handle) }
        }
      }
    }
    try #require(handles.count == 2)
    try scenarios.run(3, handles[0], handles[1])
    try machine.inside(machine.systemProcess) { check(machine, handles[0]) }
    try scenarios.run(4, handles[0])
    try scenarios.run(4, handles[0])
    try machine.inside(machine.systemProcess) {
      let body = machine.framework.requirements(handles[0])
      #expect(machine.framework.copyRequirements(body, tag: 0x7473_6554) == nil)
    }
  }

  private func check(_ machine: Machine, _ handle: UInt64) {
    let body = machine.framework.requirements(handle)
    guard let list = machine.framework.copyRequirements(body, tag: 0x7473_6554) else {
      Issue.record("no requirements")
      return
    }
    #expect(body.pointee.isChanged)
    #expect(list.pointee.AlternativeLists == 2)
    #expect(list.pointee.ListSize == 112)
    #expect(list.pointee.SlotNumber == 3)
    #expect(list.pointee.InterfaceType == PCIBus)
    let bytes = UnsafeRawPointer(list)
    // The minimum address lies behind length and alignment.
    #expect(bytes.load(fromByteOffset: 56, as: Int64.self) == 0x500)
    #expect(bytes.load(fromByteOffset: 96, as: Int64.self) == 0x300)
    machine.pool.free(list)
  }

  private func requirements(
    _ lists: [[Int64]], _ body: (UnsafePointer<IO_RESOURCE_REQUIREMENTS_LIST>) -> Void
  ) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 1024, alignment: 8)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: 1024)
    let result = memory.bindMemory(to: IO_RESOURCE_REQUIREMENTS_LIST.self, capacity: 1)
    result.pointee.AlternativeLists = UInt32(lists.count)
    var place = memory + 32
    for list in lists {
      place.storeBytes(of: UInt32(list.count), toByteOffset: 4, as: UInt32.self)
      place += 8
      for minimum in list {
        place.storeBytes(of: 1, toByteOffset: 1, as: UInt8.self)
        place.storeBytes(of: minimum, toByteOffset: 16, as: Int64.self)
        place += 32
      }
    }
    body(result)
    memory.deallocate()
  }
}
