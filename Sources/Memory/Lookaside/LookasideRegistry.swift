import CDriverKit
import CRing3
import Glibc
import Machine

/// The lookaside lists in use: the system-wide set that is tuned.
///
/// It is kept apart from the lists' own links, which lie in a driver's memory.
package struct LookasideRegistry {
  var lock = MachineLock()
  private var lists: UnsafeMutablePointer<UInt>?
  /// Who initialized each of them, in a verified machine.
  private var stacks: UnsafeMutablePointer<StackNumber>?
  private var count = 0
  private var capacity = 0

  func destroy() {
    Glibc.free(lists)
    Glibc.free(stacks)
  }

  var isEmpty: Bool { count == 0 }

  var addresses: UnsafeBufferPointer<UInt> { UnsafeBufferPointer(start: lists, count: count) }

  /// Who initialized a list; 0 when that is not known.
  func stack(of list: UInt) -> StackNumber {
    addresses.lastIndex(of: list).flatMap { stacks?[$0] } ?? 0
  }

  mutating func insert(_ list: UInt, _ stack: StackNumber) {
    if count == capacity {
      capacity = max(64, capacity * 2)
      lists = realloc(lists, capacity * 8)!.assumingMemoryBound(to: UInt.self)
      stacks = realloc(stacks, capacity * MemoryLayout<StackNumber>.stride)!
        .assumingMemoryBound(to: StackNumber.self)
    }
    lists?[count] = list
    stacks?[count] = stack
    count += 1
  }

  /// Takes a list out; false when it was not in.
  mutating func remove(_ list: UInt) -> Bool {
    guard let lists, let index = addresses.lastIndex(of: list) else { return false }
    count -= 1
    lists[index] = lists[count]
    if let stacks { stacks[index] = stacks[count] }
    return true
  }
}

/// The lookaside lists of a machine.
package struct LookasideLists {
  let machine: Machine
  let registry: UnsafeMutablePointer<LookasideRegistry>

  /// The addresses of the lists in use.
  package var active: [UInt] { withLocked { Array($0.pointee.addresses) } }

  /// A list in use whose head lies in a range of addresses; nil when there is none.
  package func list(in range: Range<UInt>) -> UInt? {
    if registry.pointee.isEmpty { return nil }
    return withLocked { $0.pointee.addresses.first { range.contains($0) } }
  }

  /// Who initialized a list in use; 0 when that is not known.
  package func initializer(of list: UInt) -> StackNumber {
    withLocked { $0.pointee.stack(of: list) }
  }

  /// Takes every list whose head lies in `range` out of the set, because that memory goes away.
  ///
  /// - Returns: the lists that a driver left there without deleting them.
  package func forget(_ range: Range<UInt>) -> [UInt] {
    withLocked { registry in
      let left = registry.pointee.addresses.filter { range.contains($0) }
      for list in left { _ = registry.pointee.remove(list) }
      return left
    }
  }

  func withLocked<R>(_ body: (UnsafeMutablePointer<LookasideRegistry>) -> R) -> R {
    registry.pointee.lock.lockStaying()
    let result = body(registry)
    registry.pointee.lock.unlock()
    return result
  }
}

extension Machine {
  /// The lookaside lists of this machine.
  package var lookaside: LookasideLists {
    let memory = memory.unsafelyUnwrapped
    return LookasideLists(
      machine: self, registry: withUnsafeMutablePointer(to: &memory.pointee.lookaside) { $0 })
  }
}
