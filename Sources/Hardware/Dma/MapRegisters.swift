import CDriverKit
import Glibc
import Machine
import Memory

/// Map registers that a transfer has: what a driver knows as `MapRegisterBase`.
///
/// Each is a page that the device reaches. A piece of a buffer that the device does not reach, or that
/// has to be adjacent to the one before it, lies there for the time of the transfer.
struct MapRegisters {
  let adapter: UnsafeMutablePointer<DmaAdapterState>
  let count: Int
  /// Registers that belong to the count of the adapter; 0 when it has no need to count.
  let countedCount: Int
  /// The first of `count` adjacent frames; 0 when the device reaches everything.
  let firstFrame: FrameNumber
  /// Registers in use, from the first on.
  var usedCount = 0
  /// Whether they stand for a scatter/gather list.
  var isOfList = false
  var pieceCount = 0
  /// The pieces, `count` at most; none without frames.
  let pieces: UnsafeMutablePointer<Piece>?
  var previous: UnsafeMutablePointer<MapRegisters>?
  var next: UnsafeMutablePointer<MapRegisters>?

  /// A piece of a buffer that lies in a map register.
  struct Piece {
    /// System address of the bytes in the buffer.
    let buffer: UInt
    /// System address of the bytes in the register.
    let register: UInt
    /// Where they lie in the list's own address space, for flushing a part.
    let address: UInt
    let mdl: UnsafeMutablePointer<MDL>
    let byteCount: Int
  }
}

extension UnsafeMutablePointer where Pointee == MapRegisters {
  var memory: PhysicalMemory { pointee.adapter.pointee.machine.state.pointee.memory }

  /// Puts a piece of a buffer at a place of the registers, counted in bytes from the first; gives its
  /// logical address, or nil when the buffer's page is no memory that the system can copy.
  func place(_ piece: BufferWalk.Piece, at offset: Int, isWrite: Bool) -> UInt64? {
    let machine = pointee.adapter.pointee.machine
    guard let pieces = pointee.pieces, pointee.pieceCount < pointee.count,
      let buffer = machine.systemAddress(of: piece.physical >> 12, 1)
    else { return nil }
    let start = buffer + UInt(piece.physical & 0xFFF)
    let register = UInt(bitPattern: memory.address(of: pointee.firstFrame)) + UInt(offset)
    (pieces + pointee.pieceCount).initialize(
      to: MapRegisters.Piece(
        buffer: start, register: register, address: piece.address, mdl: piece.mdl.pointer,
        byteCount: piece.byteCount))
    pointee.pieceCount += 1
    if isWrite { copy(from: start, to: register, piece.byteCount) }
    return UInt64(pointee.firstFrame) << 12 + UInt64(offset)
  }

  /// Ends the use of pieces; after a read their bytes go to the buffer.
  ///
  /// - Parameter range: the part of a list that is meant; everything when nil.
  func flush(_ range: BufferRange?, isWrite: Bool) {
    guard let pieces = pointee.pieces else { return }
    var kept = 0
    for index in 0..<pointee.pieceCount {
      let piece = pieces[index]
      if let range, !range.contains(piece) {
        pieces[kept] = piece
        kept += 1
      } else if !isWrite {
        copyBack(piece, range)
      }
    }
    pointee.pieceCount = kept
    if kept == 0 { pointee.usedCount = 0 }
  }

  /// Copies what lies in the range.
  private func copyBack(_ piece: MapRegisters.Piece, _ range: BufferRange?) {
    var (skip, end) = (0, piece.byteCount)
    if let range {
      if range.start > piece.address { skip = Int(range.start - piece.address) }
      let last = Int(bitPattern: range.start &- piece.address) + range.byteCount
      end = min(end, last)
    }
    guard end > skip else { return }
    copy(from: piece.register + UInt(skip), to: piece.buffer + UInt(skip), end - skip)
  }

  private func copy(from source: UInt, to target: UInt, _ count: Int) {
    guard let to = UnsafeMutableRawPointer(bitPattern: target),
      let from = UnsafeRawPointer(bitPattern: source)
    else { return }
    memmove(to, from, count)
  }
}

/// A part of a buffer that one descriptor list describes.
struct BufferRange {
  let mdl: Mdl
  /// Where it begins in the list's own address space.
  let start: UInt
  let byteCount: Int

  func contains(_ piece: MapRegisters.Piece) -> Bool {
    piece.mdl == mdl.pointer && piece.address < start &+ UInt(byteCount)
      && start < piece.address + UInt(piece.byteCount)
  }
}
