import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

/// What lies before a context: one typed piece of memory that a driver keeps with an object.
package struct ContextBlock {
  /// Tells a context from any other address.
  var signature: UInt64 = 0x5233_4354_5854_4D45
  var next: UnsafeMutablePointer<ContextBlock>?
  let handle: UInt64
  /// The type's identity: `UniqueType` of its WDF_OBJECT_CONTEXT_TYPE_INFO; nil without a context.
  let type: UnsafeMutableRawPointer?
  var cleanup: UnsafeMutableRawPointer?
  var destroy: UnsafeMutableRawPointer?
  let byteCount: UInt
  /// Whether the block is pool of its own.
  let isSeparate: Bool

  static let live: UInt64 = 0x5233_4354_5854_4D45
  /// Multiple of 16, so that contexts are aligned as pool is.
  static let size = 64

  /// The driver's bytes.
  static func bytes(of block: UnsafeMutablePointer<ContextBlock>) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(block) + size
  }

  /// The block of a driver's bytes.
  static func of(_ bytes: UnsafeMutableRawPointer) -> UnsafeMutablePointer<ContextBlock> {
    (bytes - size).assumingMemoryBound(to: ContextBlock.self)
  }
}

extension FrameworkObject {
  /// The bytes of a context type; nil when the object has none of it.
  @inline(__always)
  func context(_ type: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    var next = head.pointee.contexts
    while let block = next {
      if block.pointee.type == type, type != nil { return ContextBlock.bytes(of: block) }
      next = block.pointee.next
    }
    return nil
  }

  /// Writes a zeroed context with its callbacks to `place` and puts it in front of the others.
  func initializeContext(
    at place: UnsafeMutableRawPointer, _ attributes: ObjectAttributes, isSeparate: Bool
  ) -> UnsafeMutablePointer<ContextBlock> {
    let block = place.assumingMemoryBound(to: ContextBlock.self)
    block.initialize(
      to: ContextBlock(
        handle: handle, type: attributes.contextType, cleanup: attributes.cleanup,
        destroy: attributes.destroy, byteCount: UInt(attributes.contextByteCount),
        isSeparate: isSeparate))
    memset(ContextBlock.bytes(of: block), 0, attributes.contextByteCount)
    if attributes.cleanup != nil || attributes.destroy != nil {
      head.pointee.flags.insert(.hasCallbacks)
    }
    return block
  }

  /// Adds a context of another type: `WdfObjectAllocateContext`.
  ///
  /// `bytes` is where the context lies, also when the object had it already.
  func addContext(_ attributes: ObjectAttributes, bytes: inout UnsafeMutableRawPointer?) -> Int32 {
    if head.pointee.flags.contains(.contextless) { return FrameworkStatus.objectPathInvalid }
    let pool = Machine.current.pool
    guard
      let place = pool.allocate(
        ContextBlock.size + attributes.contextByteCount, kind: .nonpaged,
        tag: globals.pointee.visible.DriverTag)
    else { return FrameworkStatus.insufficientResources }
    var status: Int32 = 0
    lockAddress.pointee.lock()
    let block = initializeContext(at: place, attributes, isSeparate: true)
    if head.pointee.isEnding {
      status = FrameworkStatus.deletePending
    } else if let known = context(attributes.contextType) {
      status = FrameworkStatus.objectNameExists
      bytes = known
    } else {
      block.pointee.next = head.pointee.contexts
      head.pointee.contexts = block
      bytes = ContextBlock.bytes(of: block)
    }
    lockAddress.pointee.unlock()
    if status != 0 { pool.free(place) }
    return status
  }

  /// Calls the cleanup callbacks of every context, newest context first.
  func callCleanup() {
    var next = head.pointee.contexts
    while let block = next {
      if let routine = block.pointee.cleanup { _ = r3_call1(routine, handle) }
      next = block.pointee.next
    }
  }

  /// Makes the object end without a callback: no driver has seen it.
  func forgetCallbacks() {
    var next = head.pointee.contexts
    while let block = next {
      block.pointee.cleanup = nil
      block.pointee.destroy = nil
      next = block.pointee.next
    }
  }

  /// Calls the destroy callbacks of every context.
  func callDestroy() {
    var next = head.pointee.contexts
    while let block = next {
      if let routine = block.pointee.destroy { _ = r3_call1(routine, handle) }
      next = block.pointee.next
    }
  }

  /// Frees the contexts that are pool of their own.
  func freeContexts() {
    var next = head.pointee.contexts
    head.pointee.contexts = nil
    while let block = next {
      next = block.pointee.next
      block.pointee.signature = 0
      if block.pointee.isSeparate { Machine.current.pool.free(UnsafeMutableRawPointer(block)) }
    }
  }
}
