import CRing3
import Machine

extension ObjectManager {
  /// The referenced object behind a handle, when it is of a kind and the handle grants the access.
  ///
  /// - Parameters:
  ///   - granted: gets the rights of the handle.
  ///   - status: gets the status that says why there is none.
  package func reference(
    _ handle: HandleValue, in process: Process, kind: ObjectKind, access: UInt32, needsAll: Bool,
    granted: UnsafeMutablePointer<UInt32>, status: UnsafeMutablePointer<Int32>
  ) -> UnsafeMutableRawPointer? {
    guard let entry = place(of: handle, in: process)?.pointee, let body = entry.body else {
      status.pointee = Int32(bitPattern: 0xC000_0008)  // STATUS_INVALID_HANDLE
      return nil
    }
    let header = header(of: body)
    guard header.pointee.type == UnsafeMutableRawPointer(type(kind)) else {
      status.pointee = Int32(bitPattern: 0xC000_0024)  // STATUS_OBJECT_TYPE_MISMATCH
      return nil
    }
    let wanted = entry.grantedAccess & access
    if access != 0, needsAll ? wanted != access : wanted == 0 {
      status.pointee = Int32(bitPattern: 0xC000_0022)  // STATUS_ACCESS_DENIED
      return nil
    }
    granted.pointee = entry.grantedAccess
    _ = r3_add64(&header.pointee.pointerCount, 1)
    return body
  }
}
