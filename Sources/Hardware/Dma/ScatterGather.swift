import CDriverKit
import Glibc
import IOManager
import Machine
import Memory
import NTTypes

/// What lies behind the elements of a list; `Reserved` of the list points to it.
struct ScatterGatherRecord {
  let registers: UnsafeMutablePointer<MapRegisters>
  let isWrite: Bool
  /// The system allocated the list, and frees it.
  let isOwned: Bool
  /// Whether an element lies in a map register.
  var isBounced: Bool
}

// Scatter/gather lists.
extension DmaAdapter {
  /// A routine of the system that gets a list, at DISPATCH_LEVEL, and its context.
  package typealias ListCallback =
    @convention(c) (
      _ list: UnsafeMutablePointer<SCATTER_GATHER_LIST>, _ context: UnsafeMutableRawPointer?
    ) -> Void

  static let headByteCount = 0x10
  static let elementByteCount = 0x18

  /// Bytes of a list for so many pages, with what the system keeps behind it.
  package static func listByteCount(pages: Int) -> Int {
    headByteCount + max(pages, 1) * elementByteCount + MemoryLayout<ScatterGatherRecord>.size
  }

  /// Pages that a range of a buffer touches: the map registers it takes, and the elements at most.
  ///
  /// - Throws: `bufferTooSmall` when the range does not lie in the buffer.
  package func pageCount(_ mdl: Mdl, at address: UInt, _ byteCount: Int) throws(NTStatus) -> Int {
    guard let walk = BufferWalk(mdl, at: address, byteCount) else { throw .bufferTooSmall }
    return walk.pageCount
  }

  /// Builds the list of a range of a buffer and gives it to `callback` at DISPATCH_LEVEL: now, or when
  /// map registers come free.
  ///
  /// Below or at DISPATCH_LEVEL. `memory` is for the list, `listByteCount(pages:)` bytes; without it
  /// the list is allocated. It is given back with ``putList(_:isWrite:)``, and the buffer stays
  /// locked until then. `transferContext` names the request to ``cancel(_:)``.
  ///
  /// - Throws: `bufferTooSmall` when the range does not lie in the buffer, or the list not in its
  ///   memory; `insufficientResources` when the adapter never has so many map registers, or has them
  ///   not now and the request must not wait.
  package func getList(
    _ mdl: Mdl, at address: UInt, _ byteCount: Int, isWrite: Bool,
    in memory: UnsafeMutableRawBufferPointer? = nil,
    transferContext: UnsafeMutableRawPointer? = nil, mayWait: Bool = true,
    context: UnsafeMutableRawPointer?, _ callback: @escaping ListCallback
  ) throws(NTStatus) {
    guard let walk = BufferWalk(mdl, at: address, byteCount) else { throw .bufferTooSmall }
    var wanted = ListRequest(
      callback: .host(callback), context: context, isWrite: isWrite, memory: memory)
    wanted.transferContext = transferContext
    wanted.mayWait = mayWait
    try get(walk, wanted)
  }

  /// What the forms of asking for a list differ in.
  struct ListRequest {
    var callback: DmaRequest.Callback
    var context: UnsafeMutableRawPointer?
    var device: DevicePointer?
    var isWrite: Bool
    var memory: UnsafeMutableRawBufferPointer?
    var transferContext: UnsafeMutableRawPointer?
    var mayWait = true
    var mayBounce = true
  }

  /// Gives the list when it is there now and nobody is to be called.
  @discardableResult
  func get(_ walk: BufferWalk, _ wanted: ListRequest) throws(NTStatus)
    -> UnsafeMutablePointer<SCATTER_GATHER_LIST>?
  {
    let pages = walk.pageCount
    if !wanted.mayBounce, needsBounce(walk) { throw .insufficientResources }
    guard pages <= state.pointee.registerCount || !state.pointee.countsRegisters,
      let registers = makeRegisters(pages)
    else { throw .insufficientResources }
    guard let list = makeList(pages: pages, registers, wanted) else {
      freeRegisters(registers, wereCounted: false)
      throw wanted.memory == nil ? .insufficientResources : .bufferTooSmall
    }
    var request = DmaRequest(
      callback: wanted.callback, context: wanted.context, device: wanted.device,
      registers: registers)
    request.list = list
    request.buffer = walk
    request.isWrite = wanted.isWrite
    request.transferContext = wanted.transferContext
    switch submit(request, mayWait: wanted.mayWait) {
    case .granted:
      if case .none = wanted.callback { return fill(request) }
      run(request)
    case .queued: break
    case .refused:
      freeRegisters(registers, wereCounted: false)
      Self.freeList(list)
      throw .insufficientResources
    }
    return nil
  }

  private func makeList(
    pages: Int, _ registers: UnsafeMutablePointer<MapRegisters>, _ wanted: ListRequest
  ) -> UnsafeMutablePointer<SCATTER_GATHER_LIST>? {
    let byteCount = Self.listByteCount(pages: pages)
    let block: UnsafeMutableRawPointer
    if let memory = wanted.memory {
      guard memory.count >= byteCount, let base = memory.baseAddress else { return nil }
      block = base
    } else {
      guard let base = malloc(byteCount) else { return nil }
      block = base
    }
    let record = (block + byteCount - MemoryLayout<ScatterGatherRecord>.size)
      .bindMemory(to: ScatterGatherRecord.self, capacity: 1)
    record.initialize(
      to: ScatterGatherRecord(
        registers: registers, isWrite: wanted.isWrite, isOwned: wanted.memory == nil,
        isBounced: false))
    registers.pointee.isOfList = true
    let list = block.bindMemory(to: SCATTER_GATHER_LIST.self, capacity: 1)
    list.pointee.NumberOfElements = 0
    list.pointee.Reserved = UInt64(UInt(bitPattern: record))
    return list
  }

  static func freeList(_ list: UnsafeMutablePointer<SCATTER_GATHER_LIST>) {
    if record(of: list).pointee.isOwned { free(list) }
  }

  static func record(of list: UnsafeMutablePointer<SCATTER_GATHER_LIST>)
    -> UnsafeMutablePointer<ScatterGatherRecord>
  {
    UnsafeMutablePointer(bitPattern: UInt(list.pointee.Reserved)).unsafelyUnwrapped
  }

  /// Ends the use of a list: data of a read that lies in map registers goes to the buffer, the list is
  /// freed when the system allocated it, and requests that wait for registers start.
  ///
  /// Below or at DISPATCH_LEVEL.
  package func putList(_ list: UnsafeMutablePointer<SCATTER_GATHER_LIST>, isWrite: Bool) {
    let registers = Self.record(of: list).pointee.registers
    registers.flush(nil, isWrite: isWrite)
    Self.freeList(list)
    freeRegisters(registers, wereCounted: true)
    IRQL.atDispatch { startWaiting() }
  }
}
