import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import NTTypes

// The adapter channel: one driver routine at a time has it, with map registers for its transfer.
extension DmaAdapter {
  /// What an AdapterControl routine answers.
  enum AllocationAction: UInt32 {
    case keepObject = 1
    case deallocateObject = 2
    case deallocateObjectKeepRegisters = 3
  }

  /// Asks for the channel and map registers: `AllocateAdapterChannel`.
  func allocateChannel(
    _ device: DevicePointer?, registers count: Int, _ routine: UnsafeMutableRawPointer,
    context: UnsafeMutableRawPointer?, transferContext: UnsafeMutableRawPointer? = nil,
    mayWait: Bool = true
  ) throws(NTStatus) {
    guard count <= state.pointee.registerCount || !state.pointee.countsRegisters,
      let registers = makeRegisters(count)
    else { throw .insufficientResources }
    var request = DmaRequest(
      callback: .channel(routine), context: context, device: device, registers: registers)
    request.transferContext = transferContext
    switch submit(request, mayWait: mayWait) {
    case .granted: run(request)
    case .queued: break
    case .refused:
      freeRegisters(registers, wereCounted: false)
      throw .insufficientResources
    }
  }

  /// Calls the AdapterControl routine and does what it answers; at DISPATCH_LEVEL.
  func runChannel(_ request: DmaRequest, _ routine: UnsafeMutableRawPointer) {
    let action = r3_call4(
      routine, bits(request.device), bits(request.currentIrp), bits(request.registers),
      bits(request.context))
    let number = UInt32(truncatingIfNeeded: action)
    guard let action = AllocationAction(rawValue: number) else {
      machine.bugCheck(
        0xE6, 0, bits(state), UInt64(number), bits(routine),
        subject: name("DMA: the answer of an AdapterControl routine"))
    }
    if action != .keepObject { freeChannel(action) }
  }

  /// Lets the channel go, with or without its map registers: `FreeAdapterChannel`, `FreeAdapterObject`.
  func freeChannel(_ action: AllocationAction = .deallocateObject) {
    state.pointee.lock.lockStaying()
    let registers = state.pointee.channel
    if action != .keepObject {
      state.pointee.channel = nil
      state.pointee.isChannelBusy = false
    }
    state.pointee.lock.unlock()
    guard action != .keepObject else { return }
    if action == .deallocateObject, let registers {
      freeRegisters(registers, wereCounted: true)
    }
    IRQL.atDispatch { startWaiting() }
  }

  /// Gives back the map registers of a channel that was let go without them: `FreeMapRegisters`.
  func freeMapRegisters(_ base: UnsafeMutableRawPointer?, _ count: UInt32) {
    let registers = registers(base, name("FreeMapRegisters"))
    freeRegisters(registers, wereCounted: true)
    IRQL.atDispatch { startWaiting() }
  }

  /// The map registers that a driver means; others end the machine.
  func registers(_ base: UnsafeMutableRawPointer?, _ routine: UnsafePointer<CChar>)
    -> UnsafeMutablePointer<MapRegisters>
  {
    state.pointee.lock.lockStaying()
    var next = state.pointee.registers
    while let registers = next, UnsafeMutableRawPointer(registers) != base {
      next = registers.pointee.next
    }
    state.pointee.lock.unlock()
    if let next { return next }
    machine.bugCheck(0xE6, 5, bits(state), bits(base), 0, subject: routine)
  }
}

extension DmaAdapter {
  /// Takes channel and map registers for a caller that is not called back.
  func takeChannel(registers count: Int) throws(NTStatus) -> UnsafeMutableRawPointer {
    guard let registers = makeRegisters(count) else { throw .insufficientResources }
    // The routine is never called: a request that is granted at once is not run.
    let request = DmaRequest(
      callback: .channel(UnsafeMutableRawPointer(state)), context: nil, device: nil,
      registers: registers)
    if submit(request, mayWait: false) == .granted { return UnsafeMutableRawPointer(registers) }
    freeRegisters(registers, wereCounted: false)
    throw .insufficientResources
  }
}
