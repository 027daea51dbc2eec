import CDriverKit
import CRing3
import NTTypes
import Glibc
import IOManager
import Machine
import Memory

/// An adapter object: the way of one device to memory.
///
/// The driver sees its head, a `DMA_ADAPTER`.
package struct DmaAdapter: Equatable, @unchecked Sendable {
  let state: UnsafeMutablePointer<DmaAdapterState>

  init(_ state: UnsafeMutablePointer<DmaAdapterState>) { self.state = state }

  /// The adapter behind what a driver has.
  package init(driverPointer: UnsafeMutableRawPointer) {
    state = driverPointer.assumingMemoryBound(to: DmaAdapterState.self)
  }

  /// What a driver calls PDMA_ADAPTER.
  package var driverPointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(state) }

  package var limits: DmaLimits { state.pointee.limits }

  /// The longest transfer that map registers are there for, in pages; as IoGetDmaAdapter tells it.
  package var mapRegisterCount: Int { state.pointee.registerCount }
}

struct DmaAdapterState {
  /// First: what the driver sees.
  var head = DMA_ADAPTER()
  let machine: Machine
  let limits: DmaLimits
  /// Map registers at all.
  let registerCount: Int
  /// Whether transfers take map registers: the device does not reach all memory, or has a limit.
  let countsRegisters: Bool
  /// Whether map registers have pages: the device does not reach all memory, or wants one element.
  let hasPages: Bool
  /// Guards the rest.
  var lock = MachineLock()
  var freeCount: Int
  /// A request has the channel, and what it got.
  var isChannelBusy = false
  var channel: UnsafeMutablePointer<MapRegisters>?
  /// Requests that wait for the channel or for registers, first come first served.
  var firstRequest: UnsafeMutablePointer<DmaRequest>?
  var lastRequest: UnsafeMutablePointer<DmaRequest>?
  /// Somebody starts waiting requests.
  var isStarting = false
  /// The driver gave it back.
  var isPut = false
  /// Common buffers that the driver has of it.
  var commonBufferCount = 0
  /// Map registers that transfers have now.
  var registers: UnsafeMutablePointer<MapRegisters>?
  var next: UnsafeMutablePointer<DmaAdapterState>?
}

extension Hardware {
  /// An adapter for a bus master; nil when there is no memory.
  ///
  /// `device` is the physical device object, for its limit of map registers. PASSIVE_LEVEL. Given back
  /// with ``DmaAdapter/put()``.
  package func makeAdapter(_ limits: DmaLimits, for device: DevicePointer?) -> DmaAdapter? {
    guard let operations = operations(version: Int(limits.version)) else { return nil }
    let ownLimit = assignment(of: device)?.mapRegisterLimit ?? .max
    let limit = min(ownLimit, state.pointee.mapRegisterLimit)
    let ramEnd = UInt64(machine.state.pointee.memory.frameCount) << 12
    let hasPages = !limits.hasScatterGather || limits.highestAddress < ramEnd
    let count = max(1, min(limits.registerCount, limit))
    let adapter = UnsafeMutablePointer<DmaAdapterState>.allocate(capacity: 1)
    adapter.initialize(
      to: DmaAdapterState(
        machine: machine, limits: limits, registerCount: count,
        countsRegisters: hasPages || limit < .max, hasPages: hasPages, freeCount: count))
    adapter.pointee.head.Version = limits.version
    adapter.pointee.head.Size = UInt16(MemoryLayout<DMA_ADAPTER>.size)
    adapter.pointee.head.DmaOperations = operations
    state.pointee.lock.lockStaying()
    adapter.pointee.next = state.pointee.adapters
    state.pointee.adapters = adapter
    state.pointee.lock.unlock()
    return DmaAdapter(adapter)
  }

  /// Map registers that an adapter made later gets, at most; for tests of what happens without.
  package func limitMapRegisters(to count: Int) { state.pointee.mapRegisterLimit = count }

  func destroyAdapters() {
    while let adapter = state.pointee.adapters {
      state.pointee.adapters = adapter.pointee.next
      while let registers = adapter.pointee.registers {
        adapter.pointee.registers = registers.pointee.next
        free(registers)
      }
      while let request = adapter.pointee.firstRequest {
        adapter.pointee.firstRequest = request.pointee.next
        request.deallocate()
      }
      adapter.deallocate()
    }
    state.pointee.operations?.deallocate()
  }
}

extension DmaAdapter {
  var machine: Machine { state.pointee.machine }

  /// Whether the device reaches a page.
  func reaches(_ physical: UInt64) -> Bool {
    physical | 0xFFF <= state.pointee.limits.highestAddress
  }

  /// Gives the adapter back: `PutDmaAdapter`.
  ///
  /// One with transfers under way is kept until the machine ends, as they still use it; with the
  /// verifier on it is bug check 0xE6, and every adapter is kept, to be known when it is used again.
  package func put() {
    state.pointee.lock.lockStaying()
    let isIdle =
      state.pointee.registers == nil && state.pointee.firstRequest == nil
      && !state.pointee.isChannelBusy
    state.pointee.isPut = true
    let left = leftovers
    state.pointee.lock.unlock()
    if machine.verifier.contains(.dma) {
      if left.rule != 0 {
        machine.bugCheck(
          0xE6, left.rule, bits(state), UInt64(left.count), 0, subject: name("PutDmaAdapter"))
      }
      return
    }
    guard isIdle else { return }
    let hardware = machine.hardware.state
    hardware.pointee.lock.lockStaying()
    withUnsafeMutablePointer(to: &hardware.pointee.adapters) { head in
      var link = head
      while let candidate = link.pointee, candidate != state {
        link = UnsafeMutableRawPointer(candidate)
          .advanced(by: MemoryLayout<DmaAdapterState>.offset(of: \.next).unsafelyUnwrapped)
          .assumingMemoryBound(to: UnsafeMutablePointer<DmaAdapterState>?.self)
      }
      if link.pointee == state { link.pointee = state.pointee.next }
    }
    hardware.pointee.lock.unlock()
    state.deallocate()
  }
}
