import CDriverKit
import CRtlTestSupport
import Rtl
import Testing

/// One way of having a generic table, so that both kinds are tested alike.
protocol TableUnderTest {
  init(_ memory: TestMemory)
  var blockCount: Int32 { get }
  func insert(_ value: Int32) -> (address: UnsafeMutableRawPointer?, isNew: Bool)
  func delete(_ value: Int32) -> Bool
  func lookup(_ value: Int32) -> Int32?
  func element(_ index: UInt32) -> Int32?
  func enumerate() -> [Int32]
  func enumerateWithoutSplaying() -> [Int32]
  var count: UInt32 { get }
  var isEmpty: Bool { get }
  /// Whether the links hold together.
  var isSound: Bool { get }
  /// The elements by index, for values inserted in that order.
  func ordered(_ values: [Int32]) -> [Int32]
}

func value(_ address: UnsafeMutableRawPointer?) -> Int32? {
  address?.loadUnaligned(as: Int32.self)
}

struct AvlUnderTest: TableUnderTest {
  let memory: TestMemory
  let counter: UnsafeMutablePointer<Int32>
  let table: AvlTable

  init(_ memory: TestMemory) {
    self.memory = memory
    counter = memory.cell(0)
    table = memory.cell(RTL_AVL_TABLE())
    rtlInitializeGenericTableAvl(
      table, rtl_test_table_compare(), rtl_test_table_allocate_avl(), rtl_test_table_free_avl(),
      counter)
  }

  var blockCount: Int32 { counter.pointee }
  var count: UInt32 { rtlNumberGenericTableElementsAvl(table) }
  var isEmpty: Bool { rtlIsGenericTableEmptyAvl(table) != 0 }

  func insert(_ value: Int32) -> (address: UnsafeMutableRawPointer?, isNew: Bool) {
    let isNew = memory.cell(UInt8(9))
    let address = rtlInsertElementGenericTableAvl(table, memory.cell(value), 4, isNew)
    return (address, isNew.pointee == 1)
  }

  func delete(_ value: Int32) -> Bool {
    rtlDeleteElementGenericTableAvl(table, memory.cell(value)) != 0
  }

  func lookup(_ key: Int32) -> Int32? {
    value(rtlLookupElementGenericTableAvl(table, memory.cell(key)))
  }

  func element(_ index: UInt32) -> Int32? { value(rtlGetElementGenericTableAvl(table, index)) }

  func enumerate() -> [Int32] {
    var found: [Int32] = []
    var next = value(rtlEnumerateGenericTableAvl(table, 1))
    while let element = next {
      found.append(element)
      next = value(rtlEnumerateGenericTableAvl(table, 0))
    }
    return found
  }

  func enumerateWithoutSplaying() -> [Int32] {
    let key = memory.cell(UnsafeMutableRawPointer?.none)
    var found: [Int32] = []
    while let next = value(rtlEnumerateGenericTableWithoutSplayingAvl(table, key)) {
      found.append(next)
    }
    return found
  }

  func ordered(_ values: [Int32]) -> [Int32] { values.sorted() }

  var isSound: Bool {
    let sentinel = UnsafeMutableRawPointer(table).assumingMemoryBound(to: RTL_BALANCED_LINKS.self)
    guard let root = sentinel.pointee.RightChild else { return table.pointee.DepthOfTree == 0 }
    guard root.pointee.Parent == sentinel, let height = height(root) else { return false }
    return height == Int(table.pointee.DepthOfTree)
  }

  /// The height of a subtree, nil when a balance or a link is wrong.
  private func height(_ node: BalancedNode?) -> Int? {
    guard let node else { return 0 }
    for child in [node.pointee.LeftChild, node.pointee.RightChild] {
      if let child, child.pointee.Parent != node { return nil }
    }
    guard let left = height(node.pointee.LeftChild), let right = height(node.pointee.RightChild),
      right - left == Int(node.pointee.Balance), abs(right - left) <= 1
    else { return nil }
    return max(left, right) + 1
  }
}

struct SplayUnderTest: TableUnderTest {
  let memory: TestMemory
  let counter: UnsafeMutablePointer<Int32>
  let table: GenericTable

  init(_ memory: TestMemory) {
    self.memory = memory
    counter = memory.cell(0)
    table = memory.cell(RTL_GENERIC_TABLE())
    rtlInitializeGenericTable(
      table, rtl_test_table_compare(), rtl_test_table_allocate(), rtl_test_table_free(), counter)
  }

  var blockCount: Int32 { counter.pointee }
  var count: UInt32 { rtlNumberGenericTableElements(table) }
  var isEmpty: Bool { rtlIsGenericTableEmpty(table) != 0 }

  func insert(_ value: Int32) -> (address: UnsafeMutableRawPointer?, isNew: Bool) {
    let isNew = memory.cell(UInt8(9))
    let address = rtlInsertElementGenericTable(table, memory.cell(value), 4, isNew)
    return (address, isNew.pointee == 1)
  }

  func delete(_ value: Int32) -> Bool {
    rtlDeleteElementGenericTable(table, memory.cell(value)) != 0
  }

  func lookup(_ key: Int32) -> Int32? {
    value(rtlLookupElementGenericTable(table, memory.cell(key)))
  }

  func element(_ index: UInt32) -> Int32? { value(rtlGetElementGenericTable(table, index)) }

  func enumerate() -> [Int32] {
    var found: [Int32] = []
    var next = value(rtlEnumerateGenericTable(table, 1))
    while let element = next {
      found.append(element)
      next = value(rtlEnumerateGenericTable(table, 0))
    }
    return found
  }

  func enumerateWithoutSplaying() -> [Int32] {
    let key = memory.cell(UnsafeMutableRawPointer?.none)
    var found: [Int32] = []
    while let next = value(rtlEnumerateGenericTableWithoutSplaying(table, key)) {
      found.append(next)
    }
    return found
  }

  func ordered(_ values: [Int32]) -> [Int32] { values }

  var isSound: Bool {
    guard let root = table.pointee.TableRoot else { return true }
    return root.pointee.Parent == root && isSound(root)
  }

  private func isSound(_ node: SplayNode) -> Bool {
    for child in [node.pointee.LeftChild, node.pointee.RightChild] {
      if let child, child.pointee.Parent != node || !isSound(child) { return false }
    }
    return true
  }
}

/// Generic tables of both kinds against a model.
@Suite struct TableTests {
  static var kinds: [any TableUnderTest.Type] { [AvlUnderTest.self, SplayUnderTest.self] }

  @Test(
    "A table is what a sorted set is, after any inserting and deleting", arguments: 0..<2, 0..<6)
  func model(kind: Int, seed: UInt64) {
    var generator = Generator(seed: seed)
    let table = Self.kinds[kind].init(TestMemory())
    var inserted: [Int32] = []
    let range = Int32(8 << seed)
    for step in 0..<600 {
      let value = Int32.random(in: 0..<range, using: &generator)
      let isKnown = inserted.contains(value)
      // Grows first, shrinks later.
      if Int.random(in: 0..<600, using: &generator) > step {
        let result = table.insert(value)
        #expect(result.isNew == !isKnown)
        #expect(result.address?.loadUnaligned(as: Int32.self) == value)
        if !isKnown { inserted.append(value) }
      } else {
        #expect(table.delete(value) == isKnown)
        inserted.removeAll { $0 == value }
      }
      #expect(table.lookup(value) == (inserted.contains(value) ? value : nil))
      #expect(table.isSound)
      #expect(table.count == UInt32(inserted.count))
      #expect(table.blockCount == Int32(inserted.count))
      guard step % 20 == 0 else { continue }
      #expect(table.enumerate() == inserted.sorted())
      #expect(table.enumerateWithoutSplaying() == inserted.sorted())
      let indices = (0..<UInt32(inserted.count)).shuffled(using: &generator)
      let ordered = table.ordered(inserted)
      for index in indices { #expect(table.element(index) == ordered[Int(index)]) }
      #expect(table.element(UInt32(inserted.count)) == nil)
    }
    for value in inserted { #expect(table.delete(value)) }
    #expect(table.isEmpty)
    #expect(table.blockCount == 0)
  }

  @Test("Deleting during an enumeration loses nothing", arguments: [UInt64(1), 2, 3])
  func deletingWhileEnumerating(seed: UInt64) {
    var generator = Generator(seed: seed)
    let table = AvlUnderTest(TestMemory())
    for value in Int32(0)..<200 { _ = table.insert(value) }
    var seen: [Int32] = []
    var next = value(rtlEnumerateGenericTableAvl(table.table, 1))
    while let element = next {
      seen.append(element)
      if Bool.random(using: &generator) { #expect(table.delete(element)) }
      next = value(rtlEnumerateGenericTableAvl(table.table, 0))
    }
    #expect(seen == Array(0..<200))
  }

  @Test("Full lookups say where an element would be, and inserting there needs no search")
  func fullLookup() {
    let memory = TestMemory()
    let table = AvlUnderTest(memory)
    let (place, result) = (memory.cell(UnsafeMutableRawPointer?.none), memory.cell(Int32(9)))
    #expect(
      rtlLookupElementGenericTableFullAvl(table.table, memory.cell(Int32(5)), place, result) == nil)
    #expect(result.pointee == 0)
    for value in [Int32(5), 3, 8, 4] {
      let key = memory.cell(value)
      _ = rtlLookupElementGenericTableFullAvl(table.table, key, place, result)
      let isNew = memory.cell(UInt8(0))
      _ = rtlInsertElementGenericTableFullAvl(
        table.table, key, 4, isNew, place.pointee, result.pointee)
      #expect(isNew.pointee == 1)
    }
    #expect(table.enumerate() == [3, 4, 5, 8])
    #expect(table.isSound)
    let found = rtlLookupElementGenericTableFullAvl(
      table.table, memory.cell(Int32(4)), place, result)
    #expect(value(found) == 4)
    #expect(result.pointee == 1)
  }

  @Test("A directory-like enumeration goes on behind an element that is gone")
  func likeADirectory() {
    let memory = TestMemory()
    let table = AvlUnderTest(memory)
    for value in Int32(1)...20 { _ = table.insert(value) }
    let divisor = memory.cell(Int32(3))
    let key = memory.cell(UnsafeMutableRawPointer?.none)
    let deletions = memory.cell(UInt32(0))
    let buffer = memory.cell(Int32(0))
    func next(_ wantsNext: UInt32) -> Int32? {
      let found = value(
        rtlEnumerateGenericTableLikeADirectory(
          table.table, rtl_test_match(), divisor, wantsNext, key, deletions, buffer))
      if let found { buffer.pointee = found }
      return found
    }
    #expect(next(0) == 3)
    #expect(next(1) == 6)
    #expect(table.delete(6))
    #expect(table.delete(7))
    #expect(next(1) == 9)
    #expect([next(1), next(1), next(1), next(1)] == [12, 15, 18, nil])
  }

  @Test("Splay links: deleting without splaying keeps the order", arguments: [UInt64(1), 2, 3])
  func splayLinks(seed: UInt64) {
    var generator = Generator(seed: seed)
    let memory = TestMemory()
    let nodes = (0..<50).map { _ in memory.cell(RTL_SPLAY_LINKS()) }
    var root: SplayNode?
    // Nodes are in order by their index: a chain that splaying turns into a tree.
    for node in nodes {
      node.pointee.Parent = root ?? node
      if let last = root { last.pointee.RightChild = node }
      root = node
    }
    root = nodes.shuffled(using: &generator).reduce(nodes[0]) { _, node in rtlSplay(node) }
    var left = nodes
    while left.count > 1 {
      let index = Int.random(in: 0..<left.count, using: &generator)
      let node = left.remove(at: index)
      let cell = memory.cell(root)
      if Bool.random(using: &generator) {
        rtlDeleteNoSplay(node, cell)
        root = cell.pointee
      } else {
        root = rtlDelete(node)
      }
      for (i, node) in left.enumerated() {
        #expect(rtlRealSuccessor(node) == (i + 1 < left.count ? left[i + 1] : nil))
        #expect(rtlRealPredecessor(node) == (i > 0 ? left[i - 1] : nil))
      }
      #expect(root?.pointee.Parent == root)
    }
    #expect(rtlDelete(left[0]) == nil)
  }
}
