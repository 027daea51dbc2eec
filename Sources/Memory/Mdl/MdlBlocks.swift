import CDriverKit
import Machine

// Where descriptor lists lie: nonpaged system memory.
extension Machine {
  /// Memory for a list of that size; nil when there is none.
  func allocateMdlBlock(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let pages = (byteCount + 16 + pageSize - 1) >> pageShift
    guard let first = takeFrames(pages, zeroed: false) else { return nil }
    let block = state.pointee.memory.address(of: first)
    block.storeBytes(of: pages, as: Int.self)
    return block + 16
  }

  func freeMdlBlock(_ mdl: Mdl) {
    let block = UnsafeMutableRawPointer(mdl.pointer) - 16
    guard let first = state.pointee.memory.frame(of: UInt(bitPattern: block)) else {
      bugCheck(0xC2, 0x46, mdl.bits, 0, 0, subject: name("IoFreeMdl"))
    }
    for frame in first..<(first + block.load(as: Int.self)) { releaseFrame(frame) }
  }
}
