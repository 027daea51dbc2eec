import Hardware
import NTTypes
import Ring3
import Synchronization
import TestSupport
import Testing

@Suite("Registers and ports")
struct RegisterTests {
  @Test("Every form of access to a register reaches the device")
  func accesses() throws {
    let bench = try HardwareBench()
    let failures = try bench.control(0x812)[0]
    #expect(failures == 0, "\(bench.kernel.debugOutput)")
  }

  @Test("An instruction on a register that is not known ends the kernel by name")
  func unknown() throws {
    let bench = try HardwareBench()
    let error = #expect(throws: KernelError.self) { try bench.control(0x814) }
    #expect(error?.bugCheck?.code == BugCheckCode(0x5233_0001))
    #expect(error?.bugCheck?.context.subject?.contains("register of a device") == true)
  }

  @Test("Ports answer to every form of in and out")
  func ports() throws {
    let bench = try HardwareBench()
    let bus = try bench.kernel.plug(PortDevice())
    guard case .port(let start, 16) = bus.resources.list[0] else {
      Issue.record("no ports")
      return
    }
    #expect(try bench.control(0x813, start)[0] == 0, "\(bench.kernel.debugOutput)")
  }

  @Test("Devices are given addresses that do not overlap, and lines of their own")
  func resources() throws {
    let kernel = try Kernel()
    let first = try kernel.plug(BlockMover())
    let second = try kernel.plug(BlockMover())
    #expect(first.resources != second.resources)
    #expect(first.resources.interrupts[0].vector != second.resources.interrupts[0].vector)
    #expect(throws: PlugError.noInterrupt) {
      try kernel.plug(BlockMover(interrupt: .shared(vector: 0x31)))
    }
    let shared = try kernel.plug(
      BlockMover(interrupt: .shared(vector: first.resources.interrupts[0].vector)))
    #expect(shared.resources.interrupts == first.resources.interrupts)
  }

  @Test("Memory that is no RAM is refused by name")
  func refused() throws {
    let kernel = try Kernel()
    let bus = try kernel.plug(BlockMover(addressWidth: 32))
    let error = #expect(throws: DmaError.self) { try bus.load(UInt32.self, at: 0xD000_0000) }
    #expect(error?.description.contains("0xD0000000") == true)
    #expect(throws: DmaError.unreachable(address: 1 << 32, byteCount: 4, addressWidth: 32)) {
      try bus.store(UInt32(0), at: 1 << 32)
    }
    // Frame 0 is nobody's.
    #expect(throws: DmaError.self) { try bus.load(UInt8.self, at: 0) }
  }
}

/// Sixteen ports that hold what is written.
private final class PortDevice: SimulatedDevice {
  let configuration = DeviceConfiguration(regions: [.ports(count: 16)], interrupt: .none)
  private let ports = Mutex<[UInt8]>(.init(repeating: 0, count: 16))

  func plugged(into bus: DeviceBus) {}

  func read(region: Int, offset: Int, byteCount: Int) -> UInt64 {
    ports.withLock { ports in
      (0..<byteCount).reduce(0) { $0 | UInt64(ports[offset + $1]) << UInt64($1 * 8) }
    }
  }

  func write(region: Int, offset: Int, byteCount: Int, value: UInt64) {
    ports.withLock { ports in
      for index in 0..<byteCount {
        ports[offset + index] = UInt8(value >> UInt64(index * 8) & 0xFF)
      }
    }
  }
}
