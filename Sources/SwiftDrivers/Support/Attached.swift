import CDriverKit
import CRing3
import Framework
import NTTypes

// An object of the driver's own that goes with a framework object.
extension FrameworkParent {
  /// Attaches an object of the driver to this one: it goes when this one is destroyed.
  ///
  /// An object can have one; what changes lies behind a ``SpinLocked`` in it. Up to DISPATCH_LEVEL.
  ///
  /// - Throws: STATUS_OBJECT_NAME_COLLISION when there is one already, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfObjectAllocateContext.
  public func attach(_ object: some AnyObject & Sendable) throws(NTStatus) {
    try AttachedObject.attach(object, to: frameworkHandle.handle)
  }

  /// The object that ``attach(_:)`` attached; nil for none, or one of another type.
  ///
  /// Up to DISPATCH_LEVEL.
  public func attached<T: AnyObject>(as type: T.Type = T.self) -> T? {
    AttachedObject.of(frameworkHandle.handle.bits) as? T
  }
}

/// The context in which an object of the driver hangs on a framework object.
enum AttachedObject {
  /// The type of the context; one for the process, never freed.
  nonisolated(unsafe) static let type = Attachment.makeType("DriverObject")

  static func attach(_ object: AnyObject, to handle: Handle) throws(NTStatus) {
    var attributes = Attachment.plain(parent: nil)
    attributes.ContextTypeInfo = type
    attributes.EvtDestroyCallback = DriverEntries.destroyAttached.address
    var place: UnsafeMutableRawPointer?
    try checkRefusal(of: "WdfObjectAllocateContext")
    try check(wdfObjectAllocateContext(handle.globals, handle.bits, &attributes, &place))
    guard let place else { throw .insufficientResources }
    let reference = Unmanaged.passRetained(object)
    let bits = UInt64(UInt(bitPattern: reference.toOpaque()))
    if r3_cas64(place, 0, bits) { return }
    reference.release()
    throw .objectNameCollision
  }

  static func of(_ handle: UInt64) -> AnyObject? {
    guard let slot = Framework.current.context(of: handle, typed: type),
      let address = UnsafeRawPointer(bitPattern: UInt(r3_load64(slot)))
    else { return nil }
    return Unmanaged<AnyObject>.fromOpaque(address).takeUnretainedValue()
  }

  /// EvtDestroyCallback of the context.
  static let destroy: @convention(c) (UInt64) -> Void = { handle in
    guard let slot = Framework.current.context(of: handle, typed: type) else { return }
    let bits = r3_swap64(slot, 0)
    guard let address = UnsafeRawPointer(bitPattern: UInt(bits)) else { return }
    Unmanaged<AnyObject>.fromOpaque(address).release()
  }
}
