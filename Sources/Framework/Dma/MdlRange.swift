import Memory

/// A part of a buffer that a chain of MDLs describes, by its offset from the beginning of the first.
struct MdlRange {
  /// The list in which it begins.
  private(set) var mdl: Mdl
  /// Where it begins in that list.
  private(set) var offset: Int
  let byteCount: Int

  /// Nil when the chain is shorter.
  init?(_ first: Mdl, offset: Int, byteCount: Int) {
    var (mdl, start) = (first, offset)
    while start >= mdl.byteCount {
      guard let next = mdl.next else { return nil }
      start -= mdl.byteCount
      mdl = next
    }
    var (last, end) = (mdl, start + byteCount)
    while end > last.byteCount {
      guard let next = last.next else { return nil }
      end -= last.byteCount
      last = next
    }
    self.mdl = mdl
    self.offset = start
    self.byteCount = byteCount
  }

  /// Where it begins, in the address space of its list.
  var address: UInt { mdl.address + UInt(offset) }

  /// Pages that it touches, each list by itself.
  var pageCount: Int {
    var count = 0
    var part = Part(self)
    while part.byteCount > 0 {
      count += part.pageCount
      part.advance()
    }
    return count
  }

  /// How many bytes from the beginning touch at most so many pages.
  func byteCount(inPages limit: Int) -> Int {
    var pages = limit
    var part = Part(self)
    while part.byteCount > 0, part.pageCount <= pages {
      pages -= part.pageCount
      part.advance()
    }
    let rest = part.byteCount > 0 && pages > 0 ? pages << 12 - part.pageOffset : 0
    return byteCount - part.left + rest
  }

  /// What of the range lies in one list.
  private struct Part {
    var mdl: Mdl
    var offset: Int
    /// Bytes of the range from here on.
    var left: Int

    init(_ range: MdlRange) {
      mdl = range.mdl
      offset = range.offset
      left = range.byteCount
    }

    var byteCount: Int { min(mdl.byteCount - offset, left) }
    var pageOffset: Int { (mdl.byteOffset + offset) & 4095 }
    var pageCount: Int { (pageOffset + byteCount + 4095) >> 12 }

    /// Goes on to the next list that has bytes of the range.
    mutating func advance() {
      left -= byteCount
      offset = 0
      while left > 0, let next = mdl.next {
        mdl = next
        if byteCount > 0 { return }
      }
      // The end: nothing is left in this list.
      offset = mdl.byteCount
    }
  }
}
