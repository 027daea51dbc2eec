import Glibc

/// Contents of user pages that have no frame.
struct SwapStore {
  private var blocks: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  private var capacity = 0
  private var firstFree = 0

  /// Keeps a page; gives the number to get it back with, or nil without host memory.
  mutating func store(_ page: UnsafeRawPointer) -> Int? {
    guard let copy = malloc(pageSize) else { return nil }
    memcpy(copy, page, pageSize)
    while firstFree < capacity, blocks?[firstFree] != nil { firstFree += 1 }
    if firstFree == capacity {
      let larger = max(64, capacity * 2)
      guard let grown = realloc(blocks, larger * 8) else {
        free(copy)
        return nil
      }
      blocks = grown.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
      for index in capacity..<larger { blocks?[index] = nil }
      capacity = larger
    }
    blocks?[firstFree] = copy
    return firstFree
  }

  /// Copies a kept page to `page`, when given, and forgets it.
  mutating func take(_ number: Int, into page: UnsafeMutableRawPointer?) {
    guard let blocks, let block = blocks[number] else { return }
    if let page { memcpy(page, block, pageSize) }
    free(block)
    blocks[number] = nil
    firstFree = min(firstFree, number)
  }

  func destroy() {
    for index in 0..<capacity { free(blocks?[index]) }
    free(blocks)
  }
}
