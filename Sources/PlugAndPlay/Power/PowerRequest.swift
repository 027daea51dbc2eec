import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

typealias PowerRequestPointer = UnsafeMutablePointer<PowerRequest>

/// A request of power that a driver has asked for, until it is completed; plain memory.
struct PowerRequest {
  var next: PowerRequestPointer?
  let irp: IRPPointer
  /// The top of the stack, referenced.
  let top: DevicePointer
  /// The device that the driver named, referenced; its routine gets it back.
  let device: DevicePointer
  let minor: UInt8
  let powerState: UInt32
  let routine: UnsafeMutableRawPointer?
  let context: UnsafeMutableRawPointer?
}

extension PlugAndPlay {
  /// Sends a request of power to the stack of a device: `PoRequestPowerIrp`.
  ///
  /// Requests that query or set the device's state go one after the other.
  ///
  /// - Parameters:
  ///   - routine: address of the driver's routine that is called at the end; nil for none.
  ///   - sent: gets the IRP of IRP_MN_WAIT_WAKE, so that it can be cancelled.
  /// - Returns: STATUS_PENDING, or why nothing was sent.
  package func requestPower(
    _ device: DevicePointer, minor: UInt8, state powerState: UInt32,
    routine: UnsafeMutableRawPointer?, context: UnsafeMutableRawPointer?,
    sent: UnsafeMutablePointer<IRPPointer?>? = nil
  ) -> Int32 {
    guard
      Int32(minor) == IRP_MN_WAIT_WAKE || Int32(minor) == IRP_MN_SET_POWER
        || Int32(minor) == IRP_MN_QUERY_POWER
    else { return -0x3FFF_FF10 }  // STATUS_INVALID_PARAMETER_2
    let top = io.referencedTop(of: device)
    // One location is the manager's own: it knows who asked.
    guard let irp = io.allocateIRP(Int(top.pointee.StackSize) + 1) else {
      machine.objects.dereference(UnsafeMutableRawPointer(top))
      return PnpStatus.insufficientResources
    }
    machine.objects.reference(UnsafeMutableRawPointer(device))
    let request = PowerRequestPointer.allocate(capacity: 1)
    request.initialize(
      to: PowerRequest(
        irp: irp, top: top, device: device, minor: minor, powerState: powerState,
        routine: routine, context: context))
    fill(irp, request)
    sent?.pointee = irp
    submit(request)
    return PnpStatus.pending
  }

  private func fill(_ irp: IRPPointer, _ request: PowerRequestPointer) {
    irp.pointee.IoStatus.Status = PnpStatus.notSupported
    irp.pointee.CurrentLocation -= 1
    let own = irp.pointee.Tail.Overlay.CurrentStackLocation - 1
    irp.pointee.Tail.Overlay.CurrentStackLocation = own
    own.pointee.DeviceObject = request.pointee.device
    let location = io.nextLocation(irp)
    location.pointee.MajorFunction = UInt8(IRP_MJ_POWER)
    location.pointee.MinorFunction = request.pointee.minor
    if Int32(request.pointee.minor) == IRP_MN_WAIT_WAKE {
      location.pointee.Parameters.WaitWake.PowerState = SYSTEM_POWER_STATE(
        rawValue: request.pointee.powerState)
    } else {
      location.pointee.Parameters.Power.Type = CDriverKit.DevicePowerState
      location.pointee.Parameters.Power.State.DeviceState = DEVICE_POWER_STATE(
        rawValue: request.pointee.powerState)
    }
    io.setCompletion(
      irp, RootRoutines.powerCompletion, UnsafeMutableRawPointer(request),
      control: IOManager.always)
  }

  /// Sends a request, or queues it behind the one that its device is busy with.
  private func submit(_ request: PowerRequestPointer) {
    guard Int32(request.pointee.minor) != IRP_MN_WAIT_WAKE,
      let node = node(ofStack: request.pointee.device)
    else { return dispatch(request) }
    let isFirst = locked {
      guard node.pointee.isPowerBusy else {
        node.pointee.isPowerBusy = true
        return true
      }
      guard var last = node.pointee.firstPowerRequest else {
        node.pointee.firstPowerRequest = request
        return false
      }
      while let next = last.pointee.next { last = next }
      last.pointee.next = request
      return false
    }
    if isFirst { dispatch(request) }
  }

  /// Calls the drivers; those whose power routines may be paged out, at PASSIVE_LEVEL.
  private func dispatch(_ request: PowerRequestPointer) {
    let isPageable = request.pointee.top.pointee.Flags & UInt32(DO_POWER_PAGABLE) != 0
    guard isPageable, CurrentThread.irql > IRQL.passive else {
      _ = io.callDriver(request.pointee.top, request.pointee.irp)
      return
    }
    machine.workers.queue(dispatchPower, UnsafeMutableRawPointer(request))
  }

  /// A request is completed: its driver is told, and the next one of the device goes.
  fileprivate func finish(_ request: PowerRequestPointer) {
    let asked = request.pointee
    let node = node(ofStack: asked.device)
    if let node { beginRoutine(of: node) }
    let isSet = Int32(asked.minor) == IRP_MN_SET_POWER
    if isSet, asked.irp.pointee.IoStatus.Status >= 0 {
      node?.pointee.devicePower = asked.powerState
    }
    if let routine = asked.routine {
      _ = r3_call5(
        routine, bits(asked.device), UInt64(asked.minor), UInt64(asked.powerState),
        bits(asked.context),
        bits(
          UnsafeMutableRawPointer(asked.irp)
            + MemoryLayout<IRP>.offset(of: \.IoStatus).unsafelyUnwrapped))
    }
    io.freeIRP(asked.irp)
    request.deallocate()
    if let node {
      let next = Int32(asked.minor) == IRP_MN_WAIT_WAKE ? nil : takeNext(of: node)
      endRoutine(of: node)
      if let next { dispatch(next) }
    }
    machine.objects.dereference(UnsafeMutableRawPointer(asked.device))
    machine.objects.dereference(UnsafeMutableRawPointer(asked.top))
  }

  /// The request that the device is busy with from now on; nil when there is none.
  private func takeNext(of node: NodePointer) -> PowerRequestPointer? {
    locked {
      let next = node.pointee.firstPowerRequest
      node.pointee.firstPowerRequest = next?.pointee.next
      next?.pointee.next = nil
      if next == nil { node.pointee.isPowerBusy = false }
      return next
    }
  }
}

private let dispatchPower: Machine.ThreadRoutine = { context in
  guard let context else { return }
  let request = context.assumingMemoryBound(to: PowerRequest.self).pointee
  _ = Machine.current.io.callDriver(request.top, request.irp)
}

/// The completion routine of requests that drivers asked for.
let powerCompleted: @convention(c) (UInt64, IRPPointer, UnsafeMutableRawPointer) -> UInt64 = {
  _, irp, request in
  Machine.current.plugAndPlay.finish(request.assumingMemoryBound(to: PowerRequest.self))
  return UInt64(0xC000_0016)  // STATUS_MORE_PROCESSING_REQUIRED: the IRP is freed.
}
