import CDriverKit
import CRing3
import Hardware
import Machine

// Interrupts as their device comes to D0 and leaves it.
extension Framework {
  /// Gives the interrupts of a device their vectors, in the order of both.
  func assignInterrupts(
    _ pnp: UnsafeMutablePointer<PnpState>, _ list: UnsafePointer<CM_RESOURCE_LIST>?
  ) {
    var interrupt = pnp.pointee.firstInterrupt
    guard let list else { return }
    let first = UnsafeRawPointer(list) + 20
    var messageNumber: UInt32 = 0
    for index in 0..<Int(list.pointee.List.PartialResourceList.Count) {
      let descriptor = first + index * MemoryLayout<CM_PARTIAL_RESOURCE_DESCRIPTOR>.stride
      guard descriptor.load(as: UInt8.self) == UInt8(CmResourceTypeInterrupt) else { continue }
      guard let next = interrupt else { return }
      next.pointee.source = InterruptSource(descriptor, messageNumber: messageNumber)
      if next.pointee.source.isMessage { messageNumber += 1 }
      interrupt = next.pointee.next
    }
  }

  func forEachInterrupt(
    of pnp: UnsafeMutablePointer<PnpState>, _ body: (UnsafeMutablePointer<InterruptBody>) -> Void
  ) {
    var next = pnp.pointee.firstInterrupt
    while let interrupt = next {
      next = interrupt.pointee.next
      body(interrupt)
    }
  }

  /// Connects and enables the interrupts of a device that has come to D0.
  ///
  /// - Returns: why one of them could not be; those before it stay connected.
  func enableInterrupts(
    of device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> Int32 {
    shareLevels(of: pnp)
    var status: Int32 = 0
    forEachInterrupt(of: pnp) { interrupt in
      guard status >= 0, interrupt.pointee.source.isAssigned,
        interrupt.pointee.connection == nil
      else { return }
      status = connect(interrupt)
    }
    return status
  }

  /// Disables and disconnects the interrupts, the last one first.
  func disableInterrupts(
    of device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    disconnect(from: pnp.pointee.firstInterrupt)
  }

  private func disconnect(from interrupt: UnsafeMutablePointer<InterruptBody>?) {
    guard let interrupt else { return }
    disconnect(from: interrupt.pointee.next)
    disconnect(interrupt)
  }

  /// Those that share a spin lock run at the level of the highest.
  private func shareLevels(of pnp: UnsafeMutablePointer<PnpState>) {
    forEachInterrupt(of: pnp) { interrupt in
      var level = interrupt.pointee.source.level
      if let lock = interrupt.pointee.config.SpinLock {
        forEachInterrupt(of: pnp) { other in
          if other.pointee.config.SpinLock == lock {
            level = max(level, other.pointee.source.level)
          }
        }
      }
      interrupt.pointee.synchronizeLevel = level
    }
  }

  /// Connects an interrupt and has its driver enable it.
  func connect(_ interrupt: UnsafeMutablePointer<InterruptBody>) -> Int32 {
    let source = interrupt.pointee.source
    var options = InterruptOptions()
    options.synchronizeIrql = interrupt.pointee.synchronizeLevel
    // CmResourceShareShared
    options.isShared =
      source.share == 3 || source.share == 0 || interrupt.pointee.config.ShareVector == WdfTrue
    if let lock = interrupt.pointee.config.SpinLock {
      options.lock = spinLock(bits(UnsafeMutableRawPointer(lock))).word
    }
    guard
      let connection = machine.hardware.connect(
        source.vector, options, context: UnsafeMutableRawPointer(interrupt), serviceRoutine)
    else { return FrameworkStatus.invalidParameter }
    interrupt.pointee.connection = connection
    let status = call(interrupt, interrupt.pointee.config.EvtInterruptEnable)
    if status < 0 { detach(interrupt) }
    return status
  }

  /// Has its driver disable an interrupt and ends its connection.
  func disconnect(_ interrupt: UnsafeMutablePointer<InterruptBody>) {
    guard interrupt.pointee.connection != nil else { return }
    _ = call(interrupt, interrupt.pointee.config.EvtInterruptDisable)
    detach(interrupt)
  }

  private func detach(_ interrupt: UnsafeMutablePointer<InterruptBody>) {
    machine.hardware.disconnect(interrupt.pointee.connection)
    interrupt.pointee.connection = nil
    if interrupt.isPassive { interrupt.service.wait() }
    DPC.flush()
  }

  /// Calls EvtInterruptEnable or EvtInterruptDisable under the interrupt's lock.
  private func call(
    _ interrupt: UnsafeMutablePointer<InterruptBody>, _ routine: UnsafeRawPointer?
  ) -> Int32 {
    guard let routine else { return 0 }
    interrupt.acquireLock()
    let status = Int32(
      truncatingIfNeeded: r3_call2(routine, interrupt.handle, interrupt.pointee.device.handle))
    interrupt.releaseLock()
    return status
  }
}

extension UnsafeMutablePointer where Pointee == SpinLockBody {
  /// The spin lock itself.
  var word: UnsafeMutablePointer<UInt64> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<SpinLockBody>.offset(of: \.word).unsafelyUnwrapped)
      .assumingMemoryBound(to: UInt64.self)
  }
}

/// The service routine of every interrupt: the driver's, now or in a worker thread.
private let serviceRoutine: Hardware.ServiceRoutine = { context in
  guard let context else { return false }
  let interrupt = context.assumingMemoryBound(to: InterruptBody.self)
  guard interrupt.isPassive else { return interrupt.callService() }
  // The line is masked until the driver has looked.
  if let connection = interrupt.pointee.connection {
    Machine.current.hardware.setActive(connection, false)
  }
  return interrupt.service.queue(interrupt.object, passiveService)
}

private let passiveService: Machine.ThreadRoutine = { context in
  guard let context else { return }
  let interrupt = context.assumingMemoryBound(to: InterruptBody.self)
  interrupt.service.run(interrupt.object) {
    interrupt.passiveLock.wait()
    _ = interrupt.callService()
    interrupt.passiveLock.set()
    if let connection = interrupt.pointee.connection {
      Machine.current.hardware.setActive(connection, true)
    }
  }
}

extension UnsafeMutablePointer where Pointee == InterruptBody {
  /// EvtInterruptIsr.
  fileprivate func callService() -> Bool {
    guard let routine = pointee.config.EvtInterruptIsr else { return false }
    return r3_call2(routine, handle, UInt64(pointee.source.messageNumber)) & 0xFF != 0
  }
}
