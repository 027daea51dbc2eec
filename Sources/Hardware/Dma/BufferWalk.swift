import CDriverKit
import Machine
import Memory

/// Goes over the pages of a range of a buffer, through a chain of descriptor lists.
struct BufferWalk {
  /// Bytes within one page.
  struct Piece {
    let mdl: Mdl
    /// Where the bytes lie in the list's own address space.
    let address: UInt
    /// The physical address of the first one.
    let physical: UInt64
    let byteCount: Int
  }

  private var mdl: Mdl?
  /// Bytes of `mdl` that lie behind.
  private var offset: Int
  private(set) var left: Int

  /// Nil when the range does not lie in the buffer.
  init?(_ first: Mdl, at address: UInt, _ byteCount: Int) {
    let start = address &- first.address
    guard byteCount >= 0, start <= UInt(first.byteCount) else { return nil }
    self.init(first, offset: UInt64(start), byteCount)
  }

  /// Nil when the range, by its offset from the beginning of the chain, does not lie in the buffer.
  init?(_ first: Mdl, offset: UInt64, _ byteCount: Int) {
    var total: UInt64 = 0
    var next: Mdl? = first
    while let mdl = next {
      total += UInt64(mdl.byteCount)
      next = mdl.next
    }
    guard byteCount >= 0, offset <= total, UInt64(byteCount) <= total - offset else { return nil }
    mdl = first
    self.offset = 0
    left = byteCount
    var rest = offset
    while let current = mdl, rest >= UInt64(current.byteCount), current.next != nil {
      rest -= UInt64(current.byteCount)
      mdl = current.next
    }
    self.offset = Int(rest)
  }

  /// The bytes up to the end of a page, or of the list, or of the range.
  mutating func next() -> Piece? {
    guard left > 0 else { return nil }
    while let current = mdl, offset >= current.byteCount {
      mdl = current.next
      offset = 0
    }
    guard let mdl else { return nil }
    let place = mdl.byteOffset + offset
    let count = min(left, mdl.byteCount - offset, pageSize - place & Int(pageMask))
    let physical = mdl.frames[place >> pageShift] << 12 | UInt64(place & Int(pageMask))
    let piece = Piece(
      mdl: mdl, address: mdl.address + UInt(offset), physical: physical, byteCount: count)
    offset += count
    left -= count
    return piece
  }

  /// Leaves out bytes of the piece that is next.
  mutating func shorten(by byteCount: Int) {
    offset += byteCount
    left -= byteCount
  }

  /// Pages that the rest of the range touches, each list by itself.
  var pageCount: Int {
    var walk = self
    var count = 0
    while walk.next() != nil { count += 1 }
    return count
  }
}
