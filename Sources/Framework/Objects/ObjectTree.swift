import CRing3
import Machine

extension FrameworkObject {
  /// The device that the object is or belongs to; nil for the driver and what belongs to it alone.
  var owningDevice: FrameworkObject? {
    kind == .device ? self : head.pointee.device.map(FrameworkObject.init)
  }
}
