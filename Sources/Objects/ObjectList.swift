import CRing3
import Machine

/// What is known of one live object, for reports.
public struct ObjectRecord: Sendable, Hashable {
  /// Windows' name of the type, such as `Device`.
  public let type: String
  /// Full path in the name space; empty without a name.
  public let path: String
  /// Address of the body, as drivers know it.
  public let address: UInt
  /// References by pointer and by handle.
  public let referenceCount: Int
  /// Open handles.
  public let handleCount: Int
  /// The host's monotonic clock when the object was made, in nanoseconds.
  public let created: UInt64
}

extension ObjectManager {
  /// The live objects of the machine, by type, the newest first.
  package func records() -> [ObjectRecord] {
    ObjectKind.allCases.flatMap { records($0) }
  }

  /// Number of live objects of a kind.
  package func liveCount(_ kind: ObjectKind) -> Int { type(kind).pointee.liveCount }

  /// The bodies of the live objects of a kind, the newest first.
  package func bodies(_ kind: ObjectKind) -> [UnsafeMutableRawPointer] {
    // After a bug check nothing changes any more, and the lock may be held.
    let isLocked = !machine.isHalted
    if isLocked { state.pointee.lock.lockStaying() }
    var bodies: [UnsafeMutableRawPointer] = []
    var next = type(kind).pointee.first
    while let header = next {
      bodies.append(UnsafeMutableRawPointer(header) + ObjectHeader.size)
      next = header.pointee.next
    }
    if isLocked { state.pointee.lock.unlock() }
    return bodies
  }

  /// Whether there is an object of a kind for which a question is answered with yes.
  ///
  /// - Parameter question: gets the body and the number of open handles; under the lock over objects.
  package func contains(
    _ kind: ObjectKind,
    where question: (_ body: UnsafeMutableRawPointer, _ handleCount: UInt64) -> Bool
  ) -> Bool {
    state.pointee.lock.lockStaying()
    defer { state.pointee.lock.unlock() }
    var next = type(kind).pointee.first
    while let header = next {
      if question(UnsafeMutableRawPointer(header) + ObjectHeader.size, header.pointee.handleCount) {
        return true
      }
      next = header.pointee.next
    }
    return false
  }

  private func records(_ kind: ObjectKind) -> [ObjectRecord] {
    bodies(kind).map { record($0, kind) }
  }

  private func record(_ body: UnsafeMutableRawPointer, _ kind: ObjectKind) -> ObjectRecord {
    let header = ObjectHeader.of(body)
    return ObjectRecord(
      type: "\(kind.name)",
      path: machine.isHalted ? "" : String(decoding: path(of: body), as: UTF16.self),
      address: UInt(bitPattern: body), referenceCount: Int(header.pointee.pointerCount),
      handleCount: Int(header.pointee.handleCount), created: header.pointee.created)
  }
}
