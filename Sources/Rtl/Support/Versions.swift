import CDriverKit
import Machine
import NTTypes

// Which version of Windows this is, and comparing with it.

/// Fills the structure; the longer one when its size says so.
@c(r3_RtlGetVersion)
package func rtlGetVersion(_ information: UnsafeMutablePointer<OSVERSIONINFOW>) -> Int32 {
  let size = information.pointee.dwOSVersionInfoSize
  information.pointee.dwMajorVersion = SystemVersion.major
  information.pointee.dwMinorVersion = SystemVersion.minor
  information.pointee.dwBuildNumber = SystemVersion.build
  information.pointee.dwPlatformId = 2
  information.pointee.szCSDVersion.0 = 0
  guard size == MemoryLayout<OSVERSIONINFOEXW>.size else { return NTStatus.success.code }
  let extended = UnsafeMutableRawPointer(information).assumingMemoryBound(
    to: OSVERSIONINFOEXW.self)
  extended.pointee.wServicePackMajor = 0
  extended.pointee.wServicePackMinor = 0
  extended.pointee.wSuiteMask = SystemVersion.suites
  extended.pointee.wProductType = SystemVersion.productType
  extended.pointee.wReserved = 0
  return NTStatus.success.code
}

/// Gives what is asked for; false: the system is no checked build.
@c(r3_PsGetVersion)
package func psGetVersion(
  _ major: UnsafeMutablePointer<UInt32>?, _ minor: UnsafeMutablePointer<UInt32>?,
  _ build: UnsafeMutablePointer<UInt32>?, _ servicePack: UnsafeMutablePointer<UNICODE_STRING>?
) -> UInt64 {
  major?.pointee = SystemVersion.major
  minor?.pointee = SystemVersion.minor
  build?.pointee = SystemVersion.build
  servicePack?.pointee = UNICODE_STRING()
  return 0
}

/// Adds how a field is to be compared: three bits for each bit of the type mask.
@c(r3_VerSetConditionMask)
package func verSetConditionMask(
  _ mask: UInt64, _ type: UInt32, _ condition: ByteArgument
) -> UInt64 {
  guard type & 0xFF != 0 else { return mask }
  let position = UInt64(31 - (type & 0xFF).leadingZeroBitCount)
  return mask | UInt64(condition.lowByte & 7) << (position * 3)
}

/// Compares fields of the structure with this version.
///
/// Major, minor and service pack numbers are one number in parts: a later part counts when the earlier
/// ones are equal.
@c(r3_RtlVerifyVersionInfo)
package func rtlVerifyVersionInfo(
  _ information: UnsafePointer<OSVERSIONINFOEXW>, _ types: UInt32, _ conditions: UInt64
) -> Int32 {
  guard types != 0, conditions != 0 else { return NTStatus.invalidParameter.code }
  let wanted = information.pointee
  let matches =
    VersionParts(types: types, conditions: conditions).matches(wanted)
    && FieldCheck(.buildNumber, types, conditions).holds(
      SystemVersion.build, wanted.dwBuildNumber)
    && FieldCheck(.platform, types, conditions).holds(2, wanted.dwPlatformId)
    && FieldCheck(.productType, types, conditions).holds(
      UInt32(SystemVersion.productType), UInt32(wanted.wProductType))
    && FieldCheck(.suite, types, conditions).holdsForSuites(wanted.wSuiteMask)
  return matches ? NTStatus.success.code : NTStatus(bits: 0xC000_0059).code
}

/// Whether this version offers what an `NTDDI_` version of a release does.
@c(r3_RtlIsNtDdiVersionAvailable)
package func rtlIsNtDdiVersionAvailable(_ version: UInt32) -> UInt8 {
  (version & 0xFFFF == 0 && SystemVersion.ddi >= version).boolean
}

/// Whether the service pack of an `NTDDI_` version is there: only the release's own is.
@c(r3_RtlIsServicePackVersionInstalled)
package func rtlIsServicePackVersionInstalled(_ version: UInt32) -> UInt8 {
  (version & 0xFFFF_0000 == SystemVersion.ddi && version & 0xFF00 == 0).boolean
}

/// The bits of the type mask.
private enum VersionField: UInt32 {
  case minor = 0x01
  case major = 0x02
  case buildNumber = 0x04
  case platform = 0x08
  case servicePackMinor = 0x10
  case servicePackMajor = 0x20
  case suite = 0x40
  case productType = 0x80
}

/// How one field is to be compared; nil when it is not.
private struct FieldCheck {
  let condition: UInt64?

  init(_ field: VersionField, _ types: UInt32, _ conditions: UInt64) {
    let position = UInt64(field.rawValue.trailingZeroBitCount)
    condition = types & field.rawValue == 0 ? nil : conditions >> (position * 3) & 7
  }

  /// Whether the comparison (1 equal, 2 and 3 greater, 4 and 5 less, odd ones or equal) holds.
  func holds(_ actual: UInt32, _ wanted: UInt32) -> Bool {
    switch condition {
    case nil: true
    case 1: actual == wanted
    case 2: actual > wanted
    case 3: actual >= wanted
    case 4: actual < wanted
    case 5: actual <= wanted
    default: false
    }
  }

  /// Whether all (6) or one (7) of the suites are here.
  func holdsForSuites(_ wanted: UInt16) -> Bool {
    switch condition {
    case nil: true
    case 6: wanted & SystemVersion.suites == wanted
    case 7: wanted == 0 || wanted & SystemVersion.suites != 0
    default: false
    }
  }
}

/// Major, minor, and service pack numbers.
private struct VersionParts {
  let types: UInt32
  let conditions: UInt64

  func matches(_ wanted: OSVERSIONINFOEXW) -> Bool {
    var result = true
    let parts: InlineArray<4, (VersionField, UInt32, UInt32)> = [
      (.major, SystemVersion.major, wanted.dwMajorVersion),
      (.minor, SystemVersion.minor, wanted.dwMinorVersion),
      (.servicePackMajor, 0, UInt32(wanted.wServicePackMajor)),
      (.servicePackMinor, 0, UInt32(wanted.wServicePackMinor)),
    ]
    for i in parts.indices {
      let (field, actual, expected) = parts[i]
      let check = FieldCheck(field, types, conditions)
      guard check.condition != nil else { continue }
      result = check.holds(actual, expected)
      if actual != expected { return result }
    }
    return result
  }
}
