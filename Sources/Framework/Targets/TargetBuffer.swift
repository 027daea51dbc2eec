import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// A buffer that a request is to be formatted with: a part of a memory object, plain memory or an MDL.
struct TargetBuffer {
  /// The object, which the request is to refer to.
  var memory: UnsafeMutablePointer<MemoryBody>?
  /// Where the part begins; nil without a buffer, and for an MDL that needs no address.
  var address: UnsafeMutableRawPointer?
  /// The MDL of the whole, when there is one, and where the part begins in it.
  var mdl: UnsafeMutablePointer<MDL>?
  var offset = 0
  var byteCount: UInt32 = 0
}

extension Framework {
  /// A part of a memory object, as the formatting functions take it; 0 stands for no buffer.
  func buffer(
    _ handle: UInt64, _ offsets: UnsafePointer<WDFMEMORY_OFFSET>?, into buffer: inout TargetBuffer
  ) -> Int32 {
    if handle == 0 { return 0 }
    let memory = body(handle, .memory, as: MemoryBody.self)
    let size = UInt64(memory.pointee.byteCount)
    // size_t comes as Int.
    let offset = UInt64(bitPattern: Int64(offsets?.pointee.BufferOffset ?? 0))
    let length = UInt64(bitPattern: Int64(offsets?.pointee.BufferLength ?? 0))
    let (end, isTooLong) = offset.addingReportingOverflow(length)
    guard !isTooLong, end <= size else { return FrameworkStatus.integerOverflow }
    // A length of 0 means all the rest.
    let count = length == 0 ? size - offset : length
    guard count <= UInt64(UInt32.max) else { return FrameworkStatus.integerOverflow }
    buffer.memory = memory
    buffer.mdl = mdl(of: memory)
    buffer.offset = Int(offset)
    buffer.address = memory.pointee.buffer.map { $0 + Int(offset) }
    buffer.byteCount = UInt32(count)
    return 0
  }

  /// The MDL by which a memory object's buffer came to the driver; nil for other memory.
  private func mdl(of memory: UnsafeMutablePointer<MemoryBody>) -> UnsafeMutablePointer<MDL>? {
    switch memory.pointee.source {
    case .lockedUserPages: return memory.pointee.mdl
    case .request:
      guard let head = memory.pointee.request else { return nil }
      let request = FrameworkObject(head).body(as: RequestBody.self)
      guard let mdl = Mdl(request.pointee.irp?.pointee.MdlAddress), memory.pointee.buffer != nil,
        mdl.systemAddress() == memory.pointee.buffer
      else { return nil }
      return mdl.pointer
    default: return nil
    }
  }

  /// A buffer as the synchronous functions take it; NULL stands for none.
  func buffer(_ given: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, into buffer: inout TargetBuffer)
    -> Int32
  {
    guard let given else { return 0 }
    let descriptor = given.pointee
    switch descriptor.`Type` {
    case WdfMemoryDescriptorTypeBuffer:
      guard let address = descriptor.u.BufferType.Buffer else {
        return FrameworkStatus.invalidParameter
      }
      buffer.address = address
      buffer.byteCount = descriptor.u.BufferType.Length
    case WdfMemoryDescriptorTypeMdl:
      guard let mdl = descriptor.u.MdlType.Mdl else { return FrameworkStatus.invalidParameter }
      buffer.mdl = mdl
      buffer.byteCount = descriptor.u.MdlType.BufferLength
    case WdfMemoryDescriptorTypeHandle:
      let handle = bits(descriptor.u.HandleType.Memory)
      if handle == 0 { return FrameworkStatus.invalidParameter }
      return self.buffer(handle, UnsafePointer(descriptor.u.HandleType.Offsets), into: &buffer)
    default: return FrameworkStatus.invalidParameter
    }
    return 0
  }

  /// The address of a buffer, for a lower driver that takes addresses; an MDL is mapped.
  func address(of buffer: TargetBuffer, into address: inout UnsafeMutableRawPointer?) -> Int32 {
    address = buffer.address
    guard address == nil, let mdl = Mdl(buffer.mdl) else { return 0 }
    address = mdl.systemAddress().map { $0 + buffer.offset }
    return address == nil ? FrameworkStatus.insufficientResources : 0
  }
}
