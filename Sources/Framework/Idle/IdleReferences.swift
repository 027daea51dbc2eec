import CDriverKit
import CRing3
import Machine

// Power references: what keeps a device in D0.
extension Framework {
  /// Takes a power reference.
  ///
  /// - Returns: whether the device is down, or on the way: ``wakeFromIdle(_:_:)`` brings it back.
  @inline(__always)
  func addPowerReference(_ pnp: UnsafeMutablePointer<PnpState>) -> Bool {
    _ = r3_add32(pnp.idleField(\.count), 1)
    let phase = pnp.idlePhase
    return phase == IdlePhase.goingDown || phase == IdlePhase.down
  }

  /// Lets a power reference go; with the last one the time begins after which the device goes down.
  func removePowerReference(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    if r3_add32(pnp.idleField(\.count), .max) == 1 { startIdleTimer(pnp) }
  }

  // MARK: Queues

  /// A request comes to a queue: it keeps the device in D0 from now on.
  ///
  /// Under the queue's lock.
  ///
  /// - Returns: the device, referenced, when it has to be brought back without the lock.
  @inline(__always)
  func noteBusy(_ queue: UnsafeMutablePointer<QueueBody>) -> UnsafeMutablePointer<DeviceBody>? {
    guard queue.pointee.state.contains(.watchesIdle), !queue.pointee.isPowerReferenced else {
      return nil
    }
    return referencePower(queue)
  }

  @inline(never)
  private func referencePower(_ queue: UnsafeMutablePointer<QueueBody>)
    -> UnsafeMutablePointer<DeviceBody>?
  {
    let device = queue.pointee.device
    guard let pnp = device.pnp else { return nil }
    queue.pointee.isPowerReferenced = true
    // Until the queue lets it go, which it does without its lock.
    device.object.reference()
    guard addPowerReference(pnp) else { return nil }
    device.object.reference()
    return device
  }

  /// Brings a device back that ``noteBusy(_:)`` gave.
  func wakeFromIdle(_ device: UnsafeMutablePointer<DeviceBody>) {
    if let pnp = device.pnp { wakeFromIdle(device, pnp) }
    device.object.release()
  }

  /// Lets go of a queue's lock, and of its power reference when it has no request any more.
  @inline(never)
  func leaveIdle(_ queue: UnsafeMutablePointer<QueueBody>) {
    guard queue.pointee.waitingCount == 0, queue.pointee.presentedCount == 0 else {
      return queue.lock.pointee.unlock()
    }
    queue.pointee.isPowerReferenced = false
    let device = queue.pointee.device
    queue.lock.pointee.unlock()
    if let pnp = device.pnp { removePowerReference(device, pnp) }
    device.object.release()
  }

  /// Has the power-managed queues of a device keep it in D0 from now on.
  func watchQueues(
    of device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    forEachQueue(of: device) { queue in
      guard queue.pointee.isPowerManaged else { return }
      queue.lock.pointee.lock()
      queue.pointee.state.insert(.watchesIdle)
      let isBusy = queue.pointee.waitingCount + queue.pointee.presentedCount > 0
      if isBusy, !queue.pointee.isPowerReferenced {
        queue.pointee.isPowerReferenced = true
        device.object.reference()
        _ = addPowerReference(pnp)
      }
      queue.lock.pointee.unlock()
    }
  }

  // MARK: Children

  /// A child comes to D0: its bus has to be there before, and stays.
  ///
  /// At PASSIVE_LEVEL.
  func holdParent(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard !pnp.pointee.holdsParent, let parent = device.pointee.parentDevice, let bus = parent.pnp
    else { return }
    pnp.pointee.holdsParent = true
    guard addPowerReference(bus) else { return }
    wakeFromIdle(parent, bus)
    while bus.idlePhase == IdlePhase.goingDown || bus.idlePhase == IdlePhase.goingUp {
      bus.settled.wait()
    }
  }

  func releaseParent(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard pnp.pointee.holdsParent, let parent = device.pointee.parentDevice, let bus = parent.pnp
    else { return }
    pnp.pointee.holdsParent = false
    removePowerReference(parent, bus)
  }
}
