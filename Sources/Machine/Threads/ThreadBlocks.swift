import CRing3
import Glibc
import Synchronization

/// Thread blocks and kernel stacks, recycled over all machines of the process.
///
/// Their memory is never given to anything else: a host thread may still be bound to a block whose
/// machine has ended, and a fault handler may look at it.
enum ThreadBlocks {
  private static let free = Mutex<[UInt]>([])
  private static let guardByteCount = 4 * pageSize

  /// Takes a block with a kernel stack of at least `stackByteCount` bytes above a guard.
  static func take(stackByteCount: Int) throws(MachineError) -> UnsafeMutablePointer<R3Thread> {
    let size = max(stackByteCount + pageSize - 1, 16 * pageSize) & ~(pageSize - 1)
    let recycled = free.withLock { list -> UInt? in
      guard let index = list.lastIndex(where: { stackSize(of: $0) == size }) else { return nil }
      return list.remove(at: index)
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
    return block
  }

  static func giveBack(_ block: UnsafeMutablePointer<R3Thread>) {
    block.pointee.hostStack = 0
    free.withLock { $0.append(UInt(bitPattern: block)) }
  }

  private static func stackSize(of address: UInt) -> Int {
    let block = UnsafePointer<R3Thread>(bitPattern: address)!
    return Int(block.pointee.stackBase - block.pointee.stackLimit)
  }
}
