import CDriverKit
import Machine
import Memory
import NTTypes

extension DmaAdapter {
  /// A descriptor list for where a transfer's bytes really lie: `BuildMdlFromScatterGatherList`.
  ///
  /// That is the original one as long as nothing lies in map registers.
  func makeMdl(of list: UnsafeMutablePointer<SCATTER_GATHER_LIST>, _ original: Mdl) throws(NTStatus)
    -> Mdl
  {
    guard Self.record(of: list).pointee.isBounced else { return original }
    let count = Int(list.pointee.NumberOfElements)
    var byteCount = 0
    var pages = 0
    for index in 0..<count {
      let element = list.elements[index]
      let address = UInt(truncatingIfNeeded: element.Address.QuadPart)
      byteCount += Int(element.Length)
      pages += Mdl.span(address & pageMask, Int(element.Length))
    }
    let offset = UInt(truncatingIfNeeded: list.elements[0].Address.QuadPart) & pageMask
    // Pages in the middle must be whole for one list to describe them.
    guard pages == Mdl.span(offset, byteCount),
      let mdl = machine.allocateMdl(original.page + offset, byteCount)
    else { throw .insufficientResources }
    var next = 0
    for index in 0..<count {
      let element = list.elements[index]
      let first = UInt64(bitPattern: element.Address.QuadPart)
      for page in 0..<Mdl.span(UInt(first) & pageMask, Int(element.Length)) {
        mdl.frames[next] = first >> 12 + UInt64(page)
        next += 1
      }
    }
    mdl.flags.insert(.pagesLocked)
    return mdl
  }
}
