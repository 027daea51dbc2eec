import Machine
import Memory
import NTTypes

/// A memory object together with the descriptor list of its buffer.
///
/// It owns both: the list is freed before the memory. ``MemoryDescriptorList/view`` lends the list,
/// and a ``DMATransaction`` moves the buffer to or from a device.
///
///     func makeRing(_ device: DeviceObject) throws -> MemoryDescriptorList {
///       try MemoryDescriptorList(over: Memory(size: 8192, tag: "Ring", parent: device))
///     }
public struct MemoryDescriptorList: ~Copyable, Sendable {
  // The list goes first.
  let list: OwnedMdl
  var memory: Memory<OwnedBuffer>

  /// Makes the list of a memory object's buffer.
  ///
  /// - Parameter memory: of nonpaged pool: a list of paged pool is bug check 0xC4.
  /// - Throws: STATUS_INSUFFICIENT_RESOURCES; the memory object goes then.
  ///
  /// Source: IoAllocateMdl, MmBuildMdlForNonPagedPool.
  public init(over memory: consuming Memory<OwnedBuffer>) throws(NTStatus) {
    let bytes = memory.buffer
    list = try OwnedMdl(over: bytes)
    self.memory = memory
  }

  /// Gives the memory back and frees the list.
  public consuming func takeMemory() -> Memory<OwnedBuffer> { memory }

  /// The size of the buffer in bytes.
  public var byteCount: Int { list.mdl.byteCount }

  /// The list, for reading.
  public var view: MDLView {
    @_lifetime(borrow self)
    borrowing get {
      let view = MDLView(list.mdl)
      return unsafe _overrideLifetime(view, borrowing: self)
    }
  }

  /// The list, for writing.
  public var mutableView: MutableMDLView {
    @_lifetime(&self)
    mutating get {
      let view = MutableMDLView(list.mdl)
      return unsafe _overrideLifetime(view, mutating: &self)
    }
  }
}

/// A list of nonpaged memory that is freed with the value.
struct OwnedMdl: ~Copyable, @unchecked Sendable {
  let mdl: Mdl

  init(over bytes: UnsafeMutableRawBufferPointer) throws(NTStatus) {
    let address = UInt(bitPattern: bytes.baseAddress)
    try checkRefusal(of: "IoAllocateMdl")
    guard let mdl = Machine.current.allocateMdl(address, bytes.count) else {
      throw .insufficientResources
    }
    mdl.buildForNonpagedPool()
    self.mdl = mdl
  }

  deinit { Machine.current.freeMdl(mdl) }
}
