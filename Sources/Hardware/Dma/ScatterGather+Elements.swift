import CDriverKit
import Machine
import Memory

// The elements of a list: where the device finds the bytes.
extension DmaAdapter {
  /// Whether a part of the buffer has to lie in map registers.
  func needsBounce(_ walk: BufferWalk) -> Bool {
    if !state.pointee.hasPages { return false }
    return !state.pointee.limits.hasScatterGather
      ? !isOneElement(walk) : !isReachable(walk)
  }

  private func isReachable(_ walk: BufferWalk) -> Bool {
    var walk = walk
    while let piece = walk.next() {
      if !reaches(piece.physical) { return false }
    }
    return true
  }

  /// Whether the device reaches all of the buffer, and all of it is adjacent.
  private func isOneElement(_ walk: BufferWalk) -> Bool {
    var walk = walk
    var end: UInt64?
    while let piece = walk.next() {
      guard reaches(piece.physical), end == nil || end == piece.physical else { return false }
      end = piece.physical + UInt64(piece.byteCount)
    }
    return true
  }

  /// Fills the list of a granted request.
  func fill(_ request: DmaRequest) -> UnsafeMutablePointer<SCATTER_GATHER_LIST> {
    let list = request.list.unsafelyUnwrapped
    guard var walk = request.buffer else { return list }
    let registers = request.registers
    let isLinear = !state.pointee.limits.hasScatterGather && needsBounce(walk)
    var elements = ElementWriter(list)
    var position: Int?
    while let piece = walk.next() {
      var logical = piece.physical
      if isLinear || !reaches(piece.physical) {
        let place = position ?? Int(piece.physical & 0xFFF)
        let offset =
          isLinear ? place : registers.pointee.usedCount << pageShift + Int(piece.physical & 0xFFF)
        guard let address = registers.place(piece, at: offset, isWrite: request.isWrite) else {
          refuseBuffer(piece)
        }
        registers.pointee.usedCount += 1
        position = place + piece.byteCount
        logical = address
        Self.record(of: list).pointee.isBounced = true
      }
      elements.add(logical, piece.byteCount)
    }
    return list
  }

  /// A buffer in a device's memory that another device does not reach cannot be copied by the system.
  func refuseBuffer(_ piece: BufferWalk.Piece) -> Never {
    machine.bugCheck(
      0xE6, 0, bits(state), piece.physical, UInt64(piece.byteCount),
      subject: name("DMA: a page that map registers cannot stand for"))
  }
}

/// Writes elements behind the head of a list; adjacent ones become one.
struct ElementWriter {
  private let list: UnsafeMutablePointer<SCATTER_GATHER_LIST>
  private let first: UnsafeMutablePointer<SCATTER_GATHER_ELEMENT>
  private var count = 0
  private var end: UInt64 = 0

  init(_ list: UnsafeMutablePointer<SCATTER_GATHER_LIST>) {
    self.list = list
    first = list.elements
    list.pointee.NumberOfElements = 0
  }

  /// Adds bytes at a logical address.
  mutating func add(_ logical: UInt64, _ byteCount: Int) {
    if count > 0, end == logical {
      first[count - 1].Length += UInt32(byteCount)
    } else {
      var element = SCATTER_GATHER_ELEMENT()
      element.Address.QuadPart = Int64(bitPattern: logical)
      element.Length = UInt32(byteCount)
      (first + count).initialize(to: element)
      count += 1
      list.pointee.NumberOfElements = UInt32(count)
    }
    end = logical + UInt64(byteCount)
  }
}

extension UnsafeMutablePointer where Pointee == SCATTER_GATHER_LIST {
  /// The elements.
  package var elements: UnsafeMutablePointer<SCATTER_GATHER_ELEMENT> {
    (UnsafeMutableRawPointer(self) + DmaAdapter.headByteCount)
      .assumingMemoryBound(to: SCATTER_GATHER_ELEMENT.self)
  }
}
