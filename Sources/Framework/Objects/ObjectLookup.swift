import CRing3
import Machine

extension Framework {
  /// The object of a handle that a driver gives, of whatever kind.
  ///
  /// NULL is bug check 0x10D with first parameter 4, any other bad handle with 5 and the handle.
  @inline(__always)
  func object(_ handle: UInt64) -> FrameworkObject {
    guard let head = state.pointee.handles.object(handle), head.pointee.kind != .none else {
      refuseHandle(handle, .none)
    }
    return FrameworkObject(head)
  }

  /// The object of a handle that has to be of one kind.
  @inline(__always)
  func object(_ handle: UInt64, _ kind: ObjectKind) -> FrameworkObject {
    guard let head = state.pointee.handles.object(handle), head.pointee.kind == kind else {
      refuseHandle(handle, kind)
    }
    return FrameworkObject(head)
  }

  /// The body of an object of one kind, by its handle.
  @inline(__always)
  func body<Body>(_ handle: UInt64, _ kind: ObjectKind, as type: Body.Type)
    -> UnsafeMutablePointer<Body>
  {
    object(handle, kind).body(as: type)
  }

  /// The object of a handle that may be NULL.
  @inline(__always)
  func optionalObject(_ handle: UInt64, _ kind: ObjectKind) -> FrameworkObject? {
    handle == 0 ? nil : object(handle, kind)
  }

  /// The object whose contexts are asked for: it may be under destruction.
  @inline(__always)
  func objectForContext(_ handle: UInt64) -> FrameworkObject {
    guard let head = state.pointee.handles.object(handle) else { refuseHandle(handle, .none) }
    return FrameworkObject(head)
  }
}
