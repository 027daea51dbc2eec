import CRing3
import Glibc
import Machine
import NTTypes

/// What a copy of memory that may not be there is told to copy from.
private enum CopySource: UInt32 {
  case physical = 1
  case virtual = 2
}

@c(r3_MmCopyMemory)
func mmCopyMemory(
  _ target: UnsafeMutableRawPointer, _ source: UInt, _ count: UInt, _ flags: UInt32,
  _ transferred: UnsafeMutablePointer<UInt>
) -> Int32 {
  transferred.pointee = 0
  guard let kind = CopySource(rawValue: flags) else { return NTStatus.invalidParameter4.code }
  let machine = Machine.current
  while transferred.pointee < count {
    let done = transferred.pointee
    let address = source &+ done
    let length = min(count - done, UInt(pageSize) - address & pageMask)
    guard machine.copyPage(target + Int(done), address, Int(length), kind) else {
      return NTStatus.invalidAddress.code
    }
    transferred.pointee += length
  }
  return NTStatus.success.code
}

extension Machine {
  /// Copies a piece of one page; false when nothing is there.
  fileprivate func copyPage(
    _ target: UnsafeMutableRawPointer, _ address: UInt, _ count: Int, _ kind: CopySource
  ) -> Bool {
    switch kind {
    case .physical:
      guard address >> 12 < UInt(state.pointee.memory.frameCount),
        let page = UnsafeRawPointer(bitPattern: state.pointee.memory.base + address)
      else { return false }
      memcpy(target, page, count)
    case .virtual:
      if address < UserRange.end {
        return CurrentThread.process.copyIn(from: address, count, to: target)
      }
      guard frame(behind: address) != nil, let page = UnsafeRawPointer(bitPattern: address) else {
        return false
      }
      memcpy(target, page, count)
    }
    return true
  }
}
