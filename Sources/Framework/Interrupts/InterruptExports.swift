import CDriverKit
import CRing3
import Hardware
import Machine

/// FALSE when the DPC is queued already.
@c(r3_WdfInterruptQueueDpcForIsr)
package func wdfInterruptQueueDpcForIsr(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  let framework = Framework.current
  let interrupt = framework.interrupt(handle)
  guard interrupt.pointee.config.EvtInterruptDpc != nil else {
    // A driver with a work item means that.
    return wdfInterruptQueueWorkItemForIsr(globals, handle)
  }
  return DPC.insert(interrupt.dpc) ? 1 : 0
}

@c(r3_WdfInterruptQueueWorkItemForIsr)
package func wdfInterruptQueueWorkItemForIsr(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  let interrupt = Framework.current.interrupt(handle)
  guard interrupt.pointee.config.EvtInterruptWorkItem != nil else { return 0 }
  return interrupt.work.queue(interrupt.object, interruptWork) ? 1 : 0
}

/// Runs a callback that excludes the service routine.
@c(r3_WdfInterruptSynchronize)
package func wdfInterruptSynchronize(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ routine: UnsafeMutableRawPointer?,
  _ context: UInt64
) -> UInt8 {
  let framework = Framework.current
  let interrupt = framework.interrupt(handle)
  let routine = framework.require(routine)
  interrupt.acquireLock()
  let result = r3_call2(routine, handle, context)
  interrupt.releaseLock()
  return UInt8(truncatingIfNeeded: result)
}

@c(r3_WdfInterruptAcquireLock)
package func wdfInterruptAcquireLock(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  Framework.current.interrupt(handle).acquireLock()
}

@c(r3_WdfInterruptReleaseLock)
package func wdfInterruptReleaseLock(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  Framework.current.interrupt(handle).releaseLock()
}

/// For interrupts at PASSIVE_LEVEL only.
@c(r3_WdfInterruptTryToAcquireLock)
package func wdfInterruptTryToAcquireLock(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  let framework = Framework.current
  let interrupt = framework.interrupt(handle)
  guard interrupt.isPassive else {
    framework.note("WdfInterruptTryToAcquireLock: the interrupt is not handled at PASSIVE_LEVEL")
    return 0
  }
  var options = WaitOptions()
  options.deadline = .poll
  return interrupt.passiveLock.wait(options) == 0 ? 1 : 0
}

/// EvtInterruptEnable is called under the interrupt's lock.
@c(r3_WdfInterruptEnable)
package func wdfInterruptEnable(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let interrupt = framework.interrupt(handle)
  guard interrupt.pointee.source.isAssigned, interrupt.pointee.connection == nil else { return }
  if framework.connect(interrupt) < 0 {
    framework.note("WdfInterruptEnable: the interrupt could not be connected")
  }
}

@c(r3_WdfInterruptDisable)
package func wdfInterruptDisable(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  framework.disconnect(framework.interrupt(handle))
}

/// The PKINTERRUPT; NULL while the interrupt is not connected.
@c(r3_WdfInterruptWdmGetInterrupt)
package func wdfInterruptWdmGetInterrupt(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UnsafeMutableRawPointer?
{
  Framework.current.interrupt(handle).pointee.connection
}

@c(r3_WdfInterruptGetDevice)
package func wdfInterruptGetDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  Framework.current.interrupt(handle).pointee.device.handle
}

@c(r3_WdfInterruptGetInfo)
package func wdfInterruptGetInfo(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ result: UnsafeMutablePointer<WDF_INTERRUPT_INFO>?
) {
  let framework = Framework.current
  let source = framework.interrupt(handle).pointee.source
  let result = framework.require(result)
  let size = result.pointee.Size
  // Without the group of processors before KMDF 1.9.
  guard
    size == UInt32(MemoryLayout<WDF_INTERRUPT_INFO>.size)
      || size == UInt32(MemoryLayout<WDF_INTERRUPT_INFO>.size - 8)
  else { return framework.note("WdfInterruptGetInfo: the structure's size is wrong") }
  result.pointee.TargetProcessorSet = source.affinity
  result.pointee.MessageNumber = source.messageNumber
  result.pointee.Vector = source.vector
  result.pointee.Irql = source.level
  result.pointee.Mode = source.isLatched ? Latched : LevelSensitive
  result.pointee.Polarity = source.isAssigned ? WdfInterruptActiveHigh : WdfInterruptPolarityUnknown
  result.pointee.MessageSignaled = source.isMessage ? 1 : 0
  result.pointee.ShareDisposition = source.share
  if size == UInt32(MemoryLayout<WDF_INTERRUPT_INFO>.size) { result.pointee.Group = 0 }
}

/// Recorded: the simulated interrupt controller chooses its processors itself.
@c(r3_WdfInterruptSetPolicy)
package func wdfInterruptSetPolicy(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ policy: UInt32, _ priority: UInt32,
  _ processors: UInt64
) {
  let interrupt = Framework.current.interrupt(handle)
  interrupt.pointee.policy.Policy = WDF_INTERRUPT_POLICY(rawValue: policy)
  interrupt.pointee.policy.Priority = WDF_INTERRUPT_PRIORITY(rawValue: priority)
  interrupt.pointee.policy.TargetProcessorSetAndGroup.Mask = processors
}

@c(r3_WdfInterruptSetExtendedPolicy)
package func wdfInterruptSetExtendedPolicy(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ policy: UnsafePointer<WDF_INTERRUPT_EXTENDED_POLICY>?
) {
  let framework = Framework.current
  let interrupt = framework.interrupt(handle)
  let policy = framework.require(policy).pointee
  guard policy.Size == UInt32(MemoryLayout<WDF_INTERRUPT_EXTENDED_POLICY>.size) else {
    return framework.note("WdfInterruptSetExtendedPolicy: the structure's size is wrong")
  }
  interrupt.pointee.policy = policy
}

@c(r3_WdfInterruptReportActive)
package func wdfInterruptReportActive(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  guard let connection = framework.interrupt(handle).pointee.connection else { return }
  framework.machine.hardware.setActive(connection, true)
}

@c(r3_WdfInterruptReportInactive)
package func wdfInterruptReportInactive(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  guard let connection = framework.interrupt(handle).pointee.connection else { return }
  framework.machine.hardware.setActive(connection, false)
}
