import CRing3
import Glibc
import Synchronization

/// Thread blocks and kernel stacks, recycled over all machines of the process.
///
/// Their memory is never given to anything else: a host thread may still be bound to a block whose
/// machine has ended, and a fault handler may look at it. Until that host thread ends, only it gets
/// the block again: whoever else ran with it would share caches with it.
enum ThreadBlocks {
  private struct FreeBlock {
    let address: UInt
    /// The host thread that may be bound to the block; 0 for none.
    var owner: Int32
  }

  private static let free = Mutex<[FreeBlock]>([])
  private static let guardByteCount = 4 * pageSize

  /// Takes a block with a kernel stack of at least `stackByteCount` bytes above a guard.
  ///
  /// - Parameter host: the host thread that is to run with it, when it is one that may be bound to blocks
  ///   of ended machines; 0 for one that is still to be started. Who makes a thread is not who runs in it:
  ///   a block that its maker is bound to would tell the maker that it is inside a kernel.
  static func take(stackByteCount: Int, for host: Int32) throws(MachineError)
    -> UnsafeMutablePointer<R3Thread>
  {
    let size = max(stackByteCount + pageSize - 1, 16 * pageSize) & ~(pageSize - 1)
    let recycled = free.withLock { list -> UInt? in
      let index = list.lastIndex { block in
        (block.owner == 0 || block.owner == host) && stackSize(of: block.address) == size
      }
      return index.map { list.remove(at: $0).address }
    }
    let address: UInt
    if let recycled {
      address = recycled
    } else {
      guard let memory = Host.map(pageSize + guardByteCount + size) else {
        throw MachineError(action: "mapping a kernel stack", code: errno)
      }
      mprotect(memory + pageSize, guardByteCount, PROT_NONE)
      address = UInt(bitPattern: memory)
    }
    let block = UnsafeMutablePointer<R3Thread>(bitPattern: address)!
    memset(block, 0, MemoryLayout<R3Thread>.size)
    block.pointee.`self` = block
    block.pointee.prcb = UnsafeMutableRawPointer(block) + 0x180
    block.pointee.mxCsr = 0x1F80
    block.pointee.stackLimit = UInt64(address) + UInt64(pageSize + guardByteCount)
    block.pointee.stackBase = block.pointee.stackLimit + UInt64(size)
    block.pointee.entryBase = block.pointee.stackBase
    // Frames that were abandoned have left their marks.
    ShadowMemory.clear(UInt(block.pointee.stackLimit)..<UInt(block.pointee.stackBase))
    return block
  }

  /// Takes a block back.
  ///
  /// - Parameter owner: the host thread that may still be bound to it.
  static func giveBack(_ block: UnsafeMutablePointer<R3Thread>, boundTo owner: Int32 = 0) {
    block.pointee.hostStack = 0
    free.withLock { $0.append(FreeBlock(address: UInt(bitPattern: block), owner: owner)) }
  }

  /// A host thread ends: it is bound to nothing any more.
  static func release(from owner: Int32) {
    free.withLock { list in
      for index in list.indices where list[index].owner == owner { list[index].owner = 0 }
    }
  }

  private static func stackSize(of address: UInt) -> Int {
    let block = UnsafePointer<R3Thread>(bitPattern: address)!
    return Int(block.pointee.stackBase - block.pointee.stackLimit)
  }
}
