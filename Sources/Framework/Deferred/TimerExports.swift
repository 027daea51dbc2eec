import CDriverKit
import CRing3
import Machine

@c(r3_WdfTimerCreate)
package func wdfTimerCreate(
  _ globals: UnsafeMutableRawPointer, _ config: UnsafePointer<WDF_TIMER_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, [.parentRequired, .levelAllowed], into: &attributes)
  if status < 0 { return status }
  let config = framework.require(config)
  let result = framework.require(result)
  result.pointee = 0
  return framework.makeTimer(DriverGlobals.of(globals), config, attributes, result)
}

extension Framework {
  /// Sizes of WDF_TIMER_CONFIG in KMDF 1.1 and in 1.9; 1.13 has the present one.
  private static let configSizes = (first: 24, second: 32)

  fileprivate func makeTimer(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ given: UnsafePointer<WDF_TIMER_CONFIG>,
    _ attributes: ObjectAttributes, _ result: UnsafeMutablePointer<UInt64>
  ) -> Int32 {
    guard
      let config = read(
        given, Self.configSizes.first, Self.configSizes.second, zero: WDF_TIMER_CONFIG()),
      let parent = attributes.parent
    else { return FrameworkStatus.infoLengthMismatch }
    let isPassive = attributes.executionLevel == .passive
    let checked = check(config, globals.pointee.minorVersion, isPassive: isPassive)
    if checked < 0 { return checked }
    var serialization = Serialization.none
    let serialized = serialize(
      below: parent, isWanted: config.AutomaticSerialization != 0, isPassive: isPassive,
      &serialization)
    if serialized < 0 { return serialized }
    // A timer of the machine is exact: no delay is too small for it, and no resolution too fine.
    guard
      let timer = make(
        TimerBody(
          head: ObjectHead(kind: .timer, globals: globals),
          routine: UnsafeMutableRawPointer(config.EvtTimerFunc), period: config.Period,
          isPassive: isPassive, serialization: serialization),
        attributes)
    else { return FrameworkStatus.insufficientResources }
    timer.prepare()
    return publish(timer.object, attributes, default: parent, result)
  }

  private func check(_ config: WDF_TIMER_CONFIG, _ minor: UInt32, isPassive: Bool) -> Int32 {
    let longest = UInt32(Int32.max)
    guard config.Period <= longest, minor >= 13 || config.TolerableDelay <= longest,
      config.TolerableDelay == 0 || config.UseHighResolutionTimer == 0
    else { return FrameworkStatus.invalidParameter }
    return isPassive && config.Period > 0 ? FrameworkStatus.notSupported : 0
  }

  fileprivate func timer(_ handle: UInt64) -> UnsafeMutablePointer<TimerBody> {
    body(handle, .timer, as: TimerBody.self)
  }
}

@c(r3_WdfTimerStart)
package func wdfTimerStart(_ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ due: Int64)
  -> UInt8
{
  Framework.current.timer(handle).start(due) ? 1 : 0
}

@c(r3_WdfTimerStop)
package func wdfTimerStop(_ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ wait: UInt32)
  -> UInt8
{
  let framework = Framework.current
  let timer = framework.timer(handle)
  guard wait & 0xFF != 0 else { return timer.timer.cancel() ? 1 : 0 }
  if timer.pointee.thread == CurrentThread.pointer {
    framework.note("WdfTimerStop: a timer's callback cannot wait for itself")
    return 0
  }
  guard framework.isLevel(atMost: IRQL.passive) else {
    framework.note("WdfTimerStop: waiting needs PASSIVE_LEVEL")
    return 0
  }
  return timer.stopAndWait() ? 1 : 0
}

@c(r3_WdfTimerGetParentObject)
package func wdfTimerGetParentObject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64
{
  Framework.current.timer(handle).object.parent?.handle ?? 0
}
