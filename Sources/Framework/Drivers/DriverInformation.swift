import CDriverKit
import CRing3
import IOManager
import Machine

/// Puts the version of the framework into a string object.
@c(r3_WdfDriverRetrieveVersionString)
package func wdfDriverRetrieveVersionString(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ stringHandle: UInt64
) -> Int32 {
  let framework = Framework.current
  _ = framework.object(handle, .driver)
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  let string = framework.string(stringHandle)
  let text: StaticString =
    framework.verifies
    ? "Kernel Mode Driver Framework (verifier on) version 1.33.0"
    : "Kernel Mode Driver Framework version 1.33.0"
  var units = InlineArray<64, UInt16>(repeating: 0)
  for index in 0..<text.utf8CodeUnitCount { units[index] = UInt16(text.utf8Start[index]) }
  return withUnsafeBytes(of: units) {
    framework.assign($0.baseAddress, text.utf8CodeUnitCount, to: string)
  }
}

/// Kept for drivers of old; the framework has not supported it for long.
@c(r3_WdfDriverRegisterTraceInfo)
package func wdfDriverRegisterTraceInfo(
  _ globals: UnsafeMutableRawPointer, _ wdm: DriverPointer?, _ routine: UnsafeRawPointer?,
  _ block: UnsafeMutableRawPointer?
) -> Int32 {
  FrameworkStatus.notSupported
}

/// A driver called a function that its framework does not have.
///
/// Where a status can say so, it does; else it is bug check 0x10D, first parameter 0x10.
@c(r3_WdfDriverErrorReportApiMissing)
package func wdfDriverErrorReportApiMissing(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ extensionName: UnsafePointer<UInt16>?,
  _ index: UInt32, _ returnsStatus: UInt32
) -> Int32 {
  let framework = Framework.current
  _ = framework.object(handle, .driver)
  if returnsStatus & 0xFF == 0 || framework.verifies {
    let name =
      UnsafeMutableRawPointer(DriverGlobals.of(globals))
      + MemoryLayout<WDF_DRIVER_GLOBALS>.offset(of: \.DriverName).unsafelyUnwrapped
    framework.violation(
      .apiUnavailable, bits(name), UInt64(UInt(bitPattern: extensionName)), UInt64(index))
  }
  framework.note("a driver called function \(index), which is not available")
  return FrameworkStatus.procedureNotFound
}
