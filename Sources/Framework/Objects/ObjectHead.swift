import CDriverKit
import CRing3
import Machine

/// What every framework object begins with; the body of its kind follows, then its first context.
///
/// It lies in nonpaged pool under the driver's tag.
package struct ObjectHead {
  /// What the driver knows the object by.
  var handle: UInt64 = 0
  var kind: ObjectKind
  /// The kind that it was made as: `kind` is `none` once it is destroyed.
  let originalKind: ObjectKind
  /// How far its own end has come.
  var stage = ObjectStage.live
  /// Deletion has begun, or will when its parent's gets to it: no more children and contexts.
  ///
  /// Never taken back.
  var isEnding = false
  var executionLevel = ExecutionLevel.inherit
  var synchronizationScope = SynchronizationScope.inherit
  var flags = ObjectFlags()
  /// References; the tree holds the first.
  var references: UInt32 = 1
  /// Guards the list of children, the contexts and tags that are added.
  var lock = ObjectLock()
  let globals: UnsafeMutablePointer<DriverGlobals>
  /// The device that the object belongs to; nil for the driver's own.
  var device: UnsafeMutablePointer<ObjectHead>?
  var parent: UnsafeMutablePointer<ObjectHead>?
  var firstChild: UnsafeMutablePointer<ObjectHead>?
  var nextSibling: UnsafeMutablePointer<ObjectHead>?
  var previousSibling: UnsafeMutablePointer<ObjectHead>?
  var contexts: UnsafeMutablePointer<ContextBlock>?
  /// References by tag, when they are tracked.
  var tags: UnsafeMutablePointer<TagReference>?
  /// Time stamp of the processor when the object was made; up to a second less for an entry of a
  /// lookaside list.
  let created: UInt64

  /// - Parameter created: 0 for an object inside another one, which has the time.
  @inline(__always)
  init(
    kind: ObjectKind, globals: UnsafeMutablePointer<DriverGlobals>,
    created: UInt64 = r3_timestamp()
  ) {
    self.kind = kind
    originalKind = kind
    self.globals = globals
    self.created = created
  }
}

/// How far an object is on its way from creation to its end; it never goes back.
enum ObjectStage: UInt8 {
  case live
  /// Its cleanup callbacks have run.
  case cleaned
  /// The tree has let it go: the last reference destroys it.
  case released
}

struct ObjectFlags: OptionSet {
  let rawValue: UInt16
  /// The driver may not delete it.
  static let undeletable = ObjectFlags(rawValue: 1 << 0)
  /// It keeps a reference to its parent until it is destroyed.
  static let holdsParent = ObjectFlags(rawValue: 1 << 1)
  /// It lies inside another object's block, which frees it.
  static let embedded = ObjectFlags(rawValue: 1 << 2)
  /// Callbacks at PASSIVE_LEVEL only, whatever its kind says: paged memory.
  static let passive = ObjectFlags(rawValue: 1 << 3)
  /// It is in its parent's list of children.
  static let linked = ObjectFlags(rawValue: 1 << 4)
  /// No context may be added.
  static let contextless = ObjectFlags(rawValue: 1 << 5)
  /// A context has a cleanup or destroy callback.
  static let hasCallbacks = ObjectFlags(rawValue: 1 << 6)
  /// Its handle's entry and its memory are kept for the next object: a lookaside list's.
  static let keepsHandle = ObjectFlags(rawValue: 1 << 7)
  /// Instead of being destroyed it goes back to where it is kept for the next use.
  static let returns = ObjectFlags(rawValue: 1 << 8)
}

/// At which level callbacks of an object run: `WDF_EXECUTION_LEVEL`.
enum ExecutionLevel: UInt8 {
  case inherit = 1
  case passive, dispatch
}

/// Which callbacks of an object exclude each other: `WDF_SYNCHRONIZATION_SCOPE`.
enum SynchronizationScope: UInt8 {
  case inherit = 1
  case device, queue, none
}

/// A framework object by its address.
///
/// A copy is the same object; it holds no reference.
package struct FrameworkObject: Equatable {
  let head: UnsafeMutablePointer<ObjectHead>

  @inline(__always)
  init(_ head: UnsafeMutablePointer<ObjectHead>) { self.head = head }

  @inline(__always)
  init<Body>(_ body: UnsafeMutablePointer<Body>) {
    head = UnsafeMutableRawPointer(body).assumingMemoryBound(to: ObjectHead.self)
  }

  /// The object as what its kind keeps; the body begins with the head.
  @inline(__always)
  func body<Body>(as type: Body.Type) -> UnsafeMutablePointer<Body> {
    UnsafeMutableRawPointer(head).assumingMemoryBound(to: Body.self)
  }

  package var handle: UInt64 { head.pointee.handle }
  package var kind: ObjectKind { head.pointee.originalKind }
  var globals: UnsafeMutablePointer<DriverGlobals> { head.pointee.globals }
  var parent: FrameworkObject? { head.pointee.parent.map(FrameworkObject.init) }

  @inline(__always)
  var lockAddress: UnsafeMutablePointer<ObjectLock> { field(\.lock) }

  @inline(__always)
  func field<Value>(_ path: WritableKeyPath<ObjectHead, Value>) -> UnsafeMutablePointer<Value> {
    (UnsafeMutableRawPointer(head) + MemoryLayout<ObjectHead>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: Value.self)
  }
}
