import CDriverKit
import NTTypes

/// A part of a memory object, lent to a request.
///
/// It cannot outlive the memory object's value. A request that is under way holds the object itself.
public struct MemoryPart: ~Escapable, Sendable {
  /// The WDFMEMORY; 0 for no buffer.
  let memory: UInt64
  let offset: Int
  /// Bytes of the part; 0 for all that follow.
  let byteCount: Int

  @_lifetime(borrow memory)
  init<Buffer>(_ memory: borrowing Memory<Buffer>, _ range: Range<Int>?) {
    let isEmpty = range?.isEmpty ?? false
    self.memory = isEmpty ? 0 : memory.handle.bits
    offset = range?.lowerBound ?? 0
    byteCount = range?.count ?? 0
  }

  @_lifetime(immortal)
  private init() {
    memory = 0
    offset = 0
    byteCount = 0
  }

  /// No buffer at all.
  public static var none: MemoryPart {
    @_lifetime(immortal) get { MemoryPart() }
  }

  /// The part as the formatting functions take it.
  var offsets: WDFMEMORY_OFFSET {
    WDFMEMORY_OFFSET(BufferOffset: offset, BufferLength: byteCount)
  }

  /// The part as the functions that wait take it; `body` gets nil for no buffer.
  func withDescriptor<R>(_ body: (UnsafePointer<WDF_MEMORY_DESCRIPTOR>?) -> R) -> R {
    if memory == 0 { return body(nil) }
    var offsets = offsets
    return withUnsafeMutablePointer(to: &offsets) { offsets in
      var descriptor = WDF_MEMORY_DESCRIPTOR()
      descriptor.`Type` = WdfMemoryDescriptorTypeHandle
      descriptor.u.HandleType.Memory = WDFMEMORY(bitPattern: UInt(memory))
      descriptor.u.HandleType.Offsets = offsets
      return body(&descriptor)
    }
  }
}

extension Memory {
  /// Lends the whole buffer to a request.
  public var whole: MemoryPart {
    @_lifetime(borrow self)
    borrowing get { MemoryPart(self, nil) }
  }

  /// Lends a part of the buffer to a request.
  ///
  /// - Parameter range: bytes; a request with a part that the buffer does not have is refused with
  ///   STATUS_INTEGER_OVERFLOW.
  @_lifetime(borrow self)
  public borrowing func part(_ range: Range<Int>) -> MemoryPart { MemoryPart(self, range) }
}

/// Describes plain memory; `body` gets nil for no bytes.
func withDescriptor<R>(
  _ bytes: UnsafeMutableRawBufferPointer, _ body: (UnsafePointer<WDF_MEMORY_DESCRIPTOR>?) -> R
) -> R {
  if bytes.count == 0 { return body(nil) }
  var descriptor = WDF_MEMORY_DESCRIPTOR()
  descriptor.`Type` = WdfMemoryDescriptorTypeBuffer
  descriptor.u.BufferType.Buffer = bytes.baseAddress
  descriptor.u.BufferType.Length = UInt32(clamping: bytes.count)
  return body(&descriptor)
}
