import CDriverKit
import CRing3
import Hardware
import Machine

/// A WDFDMAENABLER: what a device can do in DMA, and its way to memory.
package struct DmaEnablerBody {
  var head: ObjectHead
  let device: UnsafeMutablePointer<DeviceBody>
  let profile: DmaProfile
  /// The longest transfer of the device, as the driver says it.
  let maximumLength: Int
  /// Version of the adapter's routines, 2 or 3.
  let version: UInt16
  let reads: DmaChannel
  /// The same as `reads`, unless the profile is duplex.
  let writes: DmaChannel
  /// Elements of one transfer, at most: `WDF_DMA_ENABLER_UNLIMITED_FRAGMENTS` for any number.
  var maximumElements = UInt64(UInt32.max)
  /// Transactions must be done in one transfer, unless they say otherwise.
  let requiresSingleTransfer: Bool
  /// Boundary of common buffers, less one.
  let alignment: UInt32
  let events: DmaEnablerEvents
  /// What is undone when the device leaves D0.
  var stage = DmaEnablerStage.off
  /// 1 while a transaction runs that allows no other: packets before version 3.
  var isBusy: UInt32 = 0
  /// The next enabler of the device; guarded by the lock of the device's head.
  var next: UnsafeMutablePointer<DmaEnablerBody>?
}

/// An adapter, and the longest transfer that its map registers are enough for.
struct DmaChannel {
  let adapter: DmaAdapter
  let maximumLength: Int

  /// Nil when the adapter has not even the two registers that a transfer across pages takes.
  init?(_ adapter: DmaAdapter, maximumLength: Int) {
    guard adapter.mapRegisterCount > 1 else { return nil }
    self.adapter = adapter
    self.maximumLength = min(maximumLength, (adapter.mapRegisterCount - 1) << 12)
  }
}

extension Framework {
  static let dmaEnablerClass = ObjectClass(
    dispose: { address in
      Framework.current.withdraw(address.assumingMemoryBound(to: DmaEnablerBody.self))
    },
    destroy: { address in
      let enabler = address.assumingMemoryBound(to: DmaEnablerBody.self)
      enabler.pointee.reads.adapter.put()
      if enabler.pointee.profile.isDuplex { enabler.pointee.writes.adapter.put() }
    }, isPassive: true)

  func dmaEnabler(_ handle: UInt64) -> UnsafeMutablePointer<DmaEnablerBody> {
    body(handle, .dmaEnabler, as: DmaEnablerBody.self)
  }

  /// Puts an enabler behind the others of its device.
  func announce(_ enabler: UnsafeMutablePointer<DmaEnablerBody>) {
    let device = enabler.pointee.device
    device.object.lockAddress.pointee.lock()
    if var last = device.pointee.dmaEnablers {
      while let next = last.pointee.next { last = next }
      last.pointee.next = enabler
    } else {
      device.pointee.dmaEnablers = enabler
    }
    device.object.lockAddress.pointee.unlock()
  }

  /// Takes an enabler out of the list of its device.
  private func withdraw(_ enabler: UnsafeMutablePointer<DmaEnablerBody>) {
    let device = enabler.pointee.device
    device.object.lockAddress.pointee.lock()
    if device.pointee.dmaEnablers == enabler {
      device.pointee.dmaEnablers = enabler.pointee.next
    } else {
      var before = device.pointee.dmaEnablers
      while let other = before, other.pointee.next != enabler { before = other.pointee.next }
      before?.pointee.next = enabler.pointee.next
    }
    device.object.lockAddress.pointee.unlock()
  }
}

extension UnsafeMutablePointer where Pointee == DmaEnablerBody {
  var object: FrameworkObject { FrameworkObject(self) }
  var handle: UInt64 { pointee.head.handle }
  var usesVersion3: Bool { pointee.version == 3 }

  func channel(_ direction: DmaDirection) -> DmaChannel {
    direction == .readFromDevice ? pointee.reads : pointee.writes
  }

  /// Takes the turn that only one transaction at a time has; false when another has it.
  func takeTurn() -> Bool { r3_cas32(busyAddress, 0, 1) }

  func giveTurnBack() { _ = r3_cas32(busyAddress, 1, 0) }

  /// Whether transactions take turns.
  var hasTurns: Bool { !pointee.profile.hasScatterGather && !usesVersion3 }

  private var busyAddress: UnsafeMutablePointer<UInt32> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<DmaEnablerBody>.offset(of: \.isBusy).unsafelyUnwrapped)
      .assumingMemoryBound(to: UInt32.self)
  }
}
