import CDriverKit
import CRing3
import Machine
import Memory

/// A WDFMEMORY: an object that stands for one buffer.
package struct MemoryBody {
  var head: ObjectHead
  var buffer: UnsafeMutableRawPointer?
  var byteCount: Int
  let source: MemorySource
  /// Whether the buffer is paged pool, to be touched below DISPATCH_LEVEL only.
  var isPaged = false
  /// Whether a copy into it is refused: input that the requester did not give for writing.
  var isReadOnly = false
  /// The list that the buffer came from.
  var lookaside: UnsafeMutablePointer<LookasideBody>?
  /// The request whose buffer it is.
  var request: UnsafeMutablePointer<ObjectHead>?
  /// An MDL that describes the buffer; freed with the object.
  var mdl: UnsafeMutablePointer<MDL>?
}

/// Who owns the buffer of a memory object.
enum MemorySource: UInt8 {
  /// Pool that the object frees.
  case pool
  /// The object's own block, behind it.
  case block
  /// The driver.
  case preallocated
  /// A lookaside list: object and buffer in one entry, or the buffer alone.
  case lookasideEntry, lookasideBuffer
  /// The IRP of a request.
  case request
  /// User pages that the object keeps locked.
  case lockedUserPages
}

extension Framework {
  static let memoryClass = ObjectClass(
    destroy: { address in
      let memory = address.assumingMemoryBound(to: MemoryBody.self)
      Framework.current.releaseBuffer(of: memory)
    },
    recycle: { address in
      Framework.current.recycle(address.assumingMemoryBound(to: MemoryBody.self))
    })

  private func releaseBuffer(of memory: UnsafeMutablePointer<MemoryBody>) {
    switch memory.pointee.source {
    case .pool:
      if let buffer = memory.pointee.buffer { machine.pool.free(buffer) }
    case .lookasideBuffer:
      guard let list = memory.pointee.lookaside else { return }
      if let buffer = memory.pointee.buffer { list.entries.free(buffer) }
      FrameworkObject(list).release()
    case .lockedUserPages:
      if let mdl = Mdl(memory.pointee.mdl) {
        mdl.unlock()
        machine.freeMdl(mdl)
      }
    case .block, .preallocated, .request, .lookasideEntry: break
    }
  }
}

extension UnsafeMutablePointer where Pointee == MemoryBody {
  /// Copies between the buffer and a driver's memory by the instructions of an export, so that a bad
  /// address is the driver's fault.
  func copy(
    to destination: UnsafeMutableRawPointer?, from source: UnsafeRawPointer?, _ count: Int
  ) {
    DriverMemory.copy(to: destination, from: source, count)
  }

  /// A paged buffer is touched below DISPATCH_LEVEL only.
  func checkLevel() {
    guard pointee.isPaged, CurrentThread.irql > IRQL.apc else { return }
    Framework.current.violation(
      .irqlMismatch, pointee.head.handle, UInt64(CurrentThread.irql), UInt64(IRQL.apc),
      rule: FrameworkLevels.rule(IRQL.apc))
  }
}

/// Memory of drivers, touched so that a bad address is the fault of the driver that gave it.
enum DriverMemory {
  /// Copies as memmove does.
  static func copy(
    to destination: UnsafeMutableRawPointer?, from source: UnsafeRawPointer?, _ count: Int
  ) {
    let routine: @convention(c) () -> Void = r3_leaf_memcpy
    _ = r3_call3(
      unsafeBitCast(routine, to: UnsafeRawPointer.self), bits(destination),
      UInt64(UInt(bitPattern: source)), UInt64(count))
  }
}
