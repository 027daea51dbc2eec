import CRing3
import Machine

extension FrameworkObject {
  /// The device that the object is or belongs to; nil for the driver and what belongs to it alone.
  var owningDevice: FrameworkObject? {
    kind == .device ? self : head.pointee.device.map(FrameworkObject.init)
  }

  /// Whether `ancestor` is this object or above it in the tree.
  func descends(from ancestor: FrameworkObject) -> Bool {
    var next: FrameworkObject? = self
    while let object = next {
      if object == ancestor { return true }
      next = object.parent
    }
    return false
  }
}
