import CDriverKit
import CRing3
import IOManager
import Machine
import NTTypes

@c(r3_IoConnectInterrupt)
func ioConnectInterrupt(
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ routine: UnsafeMutableRawPointer,
  _ context: UnsafeMutableRawPointer?, _ lock: UnsafeMutablePointer<UInt64>?, _ vector: UInt32,
  _ irql: UInt32, _ synchronizeIrql: UInt32, _ mode: UInt32, _ isShared: UInt32,
  _ affinity: UInt64, _ floatingSave: UInt32
) -> Int32 {
  result.pointee = nil
  var options = InterruptOptions()
  options.lock = lock
  options.synchronizeIrql = UInt8(truncatingIfNeeded: synchronizeIrql)
  options.isShared = isShared & 0xFF != 0
  let level = UInt8(truncatingIfNeeded: irql)
  guard let line = Machine.current.hardware.line(vector: vector),
    line.pointee.interrupt.irql == level, options.synchronizeIrql >= level,
    options.synchronizeIrql < IRQL.high,
    let interrupt = Machine.current.hardware.connect(
      vector, .line(routine, context: context), options)
  else { return IOStatus.invalidParameter }
  result.pointee = UnsafeMutableRawPointer(interrupt)
  return 0
}

@c(r3_IoDisconnectInterrupt)
func ioDisconnectInterrupt(_ interrupt: UnsafeMutableRawPointer?) {
  Machine.current.hardware.disconnect(interrupt)
}

@c(r3_IoConnectInterruptEx)
func ioConnectInterruptEx(_ parameters: UnsafeMutablePointer<IO_CONNECT_INTERRUPT_PARAMETERS>)
  -> Int32
{
  let call = ConnectCall(hardware: Machine.current.hardware, parameters: parameters)
  switch parameters.pointee.Version {
  case 1, 4: return call.connectFullySpecified()
  case 2: return call.connectLine()
  case 3: return call.connectMessages()
  default:
    // So that a driver can come back with what there is.
    parameters.pointee.Version = 4
    return IOStatus.notSupported
  }
}

@c(r3_IoDisconnectInterruptEx)
func ioDisconnectInterruptEx(_ parameters: UnsafePointer<IO_DISCONNECT_INTERRUPT_PARAMETERS>) {
  let hardware = Machine.current.hardware
  let context = parameters.pointee.ConnectionContext.Generic
  guard parameters.pointee.Version == 3, let context else {
    hardware.disconnect(context)
    return
  }
  MessageTable(context).forEach { hardware.disconnect($0) }
  MessageTable(context).free()
}

@c(r3_IoReportInterruptActive)
func ioReportInterruptActive(_ parameters: UnsafePointer<IO_DISCONNECT_INTERRUPT_PARAMETERS>) {
  setActive(parameters, true)
}

@c(r3_IoReportInterruptInactive)
func ioReportInterruptInactive(_ parameters: UnsafePointer<IO_DISCONNECT_INTERRUPT_PARAMETERS>) {
  setActive(parameters, false)
}

private func setActive(
  _ parameters: UnsafePointer<IO_DISCONNECT_INTERRUPT_PARAMETERS>, _ isActive: Bool
) {
  let hardware = Machine.current.hardware
  let routine = name("IoReportInterruptActive")
  guard let context = parameters.pointee.ConnectionContext.Generic else { return }
  if parameters.pointee.Version == 3 {
    MessageTable(context).forEach { hardware.object($0, routine).pointee.isActive = isActive }
  } else {
    hardware.object(context, routine).pointee.isActive = isActive
  }
  if isActive { hardware.deliverPending() }
}
