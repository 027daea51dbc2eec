import CDriverKit
import CRing3
import Machine

/// What a driver wants to be told when its device gets or loses power.
struct DmaEnablerEvents {
  var fill: UnsafeMutableRawPointer?
  var enable: UnsafeMutableRawPointer?
  var start: UnsafeMutableRawPointer?
  var stop: UnsafeMutableRawPointer?
  var disable: UnsafeMutableRawPointer?
  var flush: UnsafeMutableRawPointer?

  init() {}

  init(_ config: WDF_DMA_ENABLER_CONFIG) {
    fill = UnsafeMutableRawPointer(config.EvtDmaEnablerFill)
    enable = UnsafeMutableRawPointer(config.EvtDmaEnablerEnable)
    start = UnsafeMutableRawPointer(config.EvtDmaEnablerSelfManagedIoStart)
    stop = UnsafeMutableRawPointer(config.EvtDmaEnablerSelfManagedIoStop)
    disable = UnsafeMutableRawPointer(config.EvtDmaEnablerDisable)
    flush = UnsafeMutableRawPointer(config.EvtDmaEnablerFlush)
  }
}

/// How far an enabler is on its way to work.
enum DmaEnablerStage: UInt8 {
  case off, filled, enabled, started
}

extension Framework {
  /// Has a device's enablers get ready: EvtDmaEnablerFill, Enable and SelfManagedIoStart of each.
  ///
  /// For the power code, on the way to D0 behind EvtDeviceD0EntryPostInterruptsEnabled. PASSIVE_LEVEL.
  ///
  /// - Returns: the status of the first callback that fails; ``disableDma(of:)`` undoes what was done.
  func enableDma(of device: UnsafeMutablePointer<DeviceBody>) -> Int32 {
    while let enabler = takeEnabler(of: device, isOff: true) {
      let status = enable(enabler)
      enabler.object.release()
      if status < 0 { return status }
    }
    return 0
  }

  /// Has a device's enablers stop: EvtDmaEnablerSelfManagedIoStop, Disable and Flush of each that works.
  ///
  /// For the power code, on the way out of D0 in front of EvtDeviceD0ExitPreInterruptsDisabled.
  /// PASSIVE_LEVEL.
  ///
  /// - Returns: the status of the first callback that fails; all are called nevertheless.
  @discardableResult
  func disableDma(of device: UnsafeMutablePointer<DeviceBody>) -> Int32 {
    var result: Int32 = 0
    while let enabler = takeEnabler(of: device, isOff: false) {
      let status = disable(enabler)
      enabler.object.release()
      if result >= 0, status < 0 { result = status }
    }
    return result
  }

  /// A reference to the first enabler that is off, or that is not.
  private func takeEnabler(of device: UnsafeMutablePointer<DeviceBody>, isOff: Bool)
    -> UnsafeMutablePointer<DmaEnablerBody>?
  {
    device.object.lockAddress.pointee.lock()
    var next = device.pointee.dmaEnablers
    while let enabler = next, (enabler.pointee.stage == .off) != isOff {
      next = enabler.pointee.next
    }
    next?.object.reference()
    device.object.lockAddress.pointee.unlock()
    return next
  }

  private func enable(_ enabler: UnsafeMutablePointer<DmaEnablerBody>) -> Int32 {
    let events = enabler.pointee.events
    var status = enabler.call(events.fill)
    if status < 0 { return status }
    enabler.pointee.stage = .filled
    status = enabler.call(events.enable)
    if status < 0 { return status }
    enabler.pointee.stage = .enabled
    status = enabler.call(events.start)
    if status < 0 { return status }
    enabler.pointee.stage = .started
    return 0
  }

  private func disable(_ enabler: UnsafeMutablePointer<DmaEnablerBody>) -> Int32 {
    let events = enabler.pointee.events
    let stage = enabler.pointee.stage
    enabler.pointee.stage = .off
    var result: Int32 = 0
    if stage == .started { result = enabler.call(events.stop) }
    if stage == .started || stage == .enabled {
      let status = enabler.call(events.disable)
      if result >= 0 { result = status }
    }
    let status = enabler.call(events.flush)
    return result < 0 ? result : status
  }
}

extension UnsafeMutablePointer where Pointee == DmaEnablerBody {
  /// Calls a callback of the driver that takes the enabler alone.
  fileprivate func call(_ routine: UnsafeMutableRawPointer?) -> Int32 {
    guard let routine else { return 0 }
    return Int32(truncatingIfNeeded: r3_call1(routine, handle))
  }
}
