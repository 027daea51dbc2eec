import Glibc

/// What lies before the body of every object that a driver may hold a pointer to.
///
/// The fields belong to the layer Objects; the machine only makes room, because its threads and
/// processes are objects too.
public struct ObjectHeader {
  /// Marks a live header, so that a wild pointer is told from an object.
  package var signature: UInt64
  package var pointerCount: UInt64
  package var handleCount: UInt64
  package var type: UnsafeMutableRawPointer?
  package var name: UnsafeMutableRawPointer?
  package var securityDescriptor: UnsafeMutableRawPointer?
  package var flags: UInt64
  package var machine: UnsafeMutableRawPointer?
  /// Neighbours in the list of live objects of the type.
  package var previous: UnsafeMutablePointer<ObjectHeader>?
  package var next: UnsafeMutablePointer<ObjectHeader>?
  /// When the object was made, in nanoseconds of the host's clock.
  package var created: UInt64 = 0
  package var reserved: UInt64 = 0

  @inlinable public static var liveSignature: UInt64 { 0x5233_4F42_4A45_4354 }
  @inlinable public static var size: Int { 96 }

  package init(machine: UnsafeMutableRawPointer?) {
    signature = Self.liveSignature
    pointerCount = 1
    handleCount = 0
    self.machine = machine
    flags = 0
  }

  /// The header of a body.
  @inlinable public static func of(_ body: UnsafeMutableRawPointer) -> UnsafeMutablePointer<
    ObjectHeader
  > {
    (body - size).assumingMemoryBound(to: ObjectHeader.self)
  }

  /// Makes an object of the machine itself, outside pool.
  static func allocate<Body>(_ type: Body.Type) -> UnsafeMutablePointer<Body> {
    let block = aligned_alloc(64, (size + MemoryLayout<Body>.size + 63) & ~63)!
    block.initializeMemory(as: ObjectHeader.self, to: ObjectHeader(machine: nil))
    return (block + size).bindMemory(to: Body.self, capacity: 1)
  }

  static func free<Body>(_ body: UnsafeMutablePointer<Body>) {
    Glibc.free(UnsafeMutableRawPointer(body) - size)
  }
}
