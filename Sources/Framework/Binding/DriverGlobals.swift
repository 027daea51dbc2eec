import CDriverKit
import CRing3
import IOManager
import Machine

/// What the framework keeps for a driver that is bound to it; the part that the driver sees comes first.
package struct DriverGlobals {
  /// What `WdfDriverGlobals` of the driver points to.
  var visible = WDF_DRIVER_GLOBALS()
  /// Tells globals from any other address.
  let signature = Self.live
  let driverObjectWDM: DriverPointer
  /// Minor number of the version that the driver was built for: 9 is KMDF 1.9.
  let minorVersion: UInt32
  /// The WDFDRIVER; nil before WdfDriverCreate and after its deletion.
  var driver: UnsafeMutablePointer<ObjectHead>?
  var next: UnsafeMutablePointer<DriverGlobals>?
  /// Deletions that worker threads have to do or are doing; the event is set when there is none.
  var deferredCount = 0
  var deferredDone = KEVENT()

  static let live: UInt64 = 0x5233_4746_5F57_4446

  init(driver: DriverPointer, minorVersion: UInt32) {
    driverObjectWDM = driver
    self.minorVersion = minorVersion
  }

  /// The globals that a driver passes as the first argument of every function.
  @inline(__always)
  static func of(_ address: UnsafeMutableRawPointer) -> UnsafeMutablePointer<DriverGlobals> {
    let globals = address.assumingMemoryBound(to: DriverGlobals.self)
    if globals.pointee.signature != live { refuse(address) }
    return globals
  }

  @inline(never)
  private static func refuse(_ address: UnsafeMutableRawPointer) -> Never {
    Framework.current.violation(.requiredParameter, bits(address))
  }
}

extension UnsafeMutablePointer where Pointee == DriverGlobals {
  /// The WDFDRIVER, the root of the driver's objects.
  ///
  /// Before WdfDriverCreate there is none, and whatever needs it is bug check 0x10D.
  @inline(__always)
  var driverObject: FrameworkObject {
    guard let driver = pointee.driver else {
      Framework.current.violation(.requiredParameter, bits(self))
    }
    return FrameworkObject(driver)
  }

  /// Whether the dispatch table belongs to another model: WdfDriverInitNoDispatchOverride.
  var isMiniport: Bool {
    pointee.visible.DriverFlags & UInt32(WdfDriverInitNoDispatchOverride.rawValue) != 0
  }

  /// Gives the driver the name that the framework shows, and the default pool tag.
  ///
  /// The tag is the first four characters of the service name, or those after "WDF", else "FxDr".
  func setNames(_ service: UnsafeBufferPointer<UInt16>) {
    withUnsafeMutableBytes(of: &pointee.visible.DriverName) { name in
      for (index, character) in service.prefix(name.count - 1).enumerated() {
        name[index] = UInt8(truncatingIfNeeded: character)
      }
    }
    pointee.visible.DriverTag = Self.defaultTag(service)
  }

  private static func defaultTag(_ service: UnsafeBufferPointer<UInt16>) -> UInt32 {
    let isWDF =
      service.count >= 3
      && zip(service, "wdf".utf16).allSatisfy { ($0 | 0x20) == $1 }
    let rest = service.dropFirst(isWDF ? 3 : 0)
    guard rest.count >= 4 else { return 0x7244_7846 }  // FxDr
    return rest.prefix(4).enumerated().reduce(0) { tag, item in
      tag | UInt32(item.element & 0xFF) << UInt32(8 * item.offset)
    }
  }
}
