import CDriverKit
import Machine
import NTTypes

/// What MmAllocatePagesForMdlEx is asked for.
struct PageRequest {
  var low: UInt64
  var high: UInt64
  var skip: UInt64
  var byteCount: UInt
  var flags: Flags = []

  /// The flags of MmAllocatePagesForMdlEx, by their Windows names without the prefix.
  struct Flags: OptionSet {
    let rawValue: UInt32

    static let dontZero = Flags(rawValue: 0x1)
    static let localNodeOnly = Flags(rawValue: 0x2)
    static let fullyRequired = Flags(rawValue: 0x4)
    static let noWait = Flags(rawValue: 0x8)
    static let preferContiguous = Flags(rawValue: 0x10)
    static let requireContiguousChunks = Flags(rawValue: 0x20)
    static let fastLargePages = Flags(rawValue: 0x40)
    static let andHotRemove = Flags(rawValue: 0x100)
  }

  var pageCount: Int { Int((byteCount + pageMask) >> 12) }

  /// Pages of a chunk that has to be contiguous; nil when the request makes no sense.
  var chunkPageCount: Int? {
    guard flags.contains(.requireContiguousChunks) else { return 1 }
    if skip == 0 { return pageCount }
    guard skip >= UInt64(pageSize), skip & (skip - 1) == 0, UInt64(byteCount) % skip == 0 else {
      return nil
    }
    return Int(skip >> 12)
  }
}

extension Machine {
  /// A list of locked, unmapped pages; nil when there are none, or fewer than are required.
  func allocatePages(_ request: PageRequest) -> Mdl? {
    let wanted = request.pageCount
    guard wanted > 0, request.byteCount <= UInt(Mdl.largestByteCount),
      let chunk = request.chunkPageCount,
      !request.flags.isSuperset(of: [.andHotRemove, .fullyRequired]),
      let mdl = Mdl(allocateMdlBlock(Mdl.headerByteCount + 8 * wanted))
    else { return nil }
    let count = fill(mdl.frames, wanted, chunk: chunk, request)
    let isRequired =
      request.flags.contains(.fullyRequired) || chunk > 1 && request.skip == 0
    guard count > 0, count == wanted || !isRequired else {
      for index in 0..<count { releaseFrame(FrameNumber(mdl.frames[index])) }
      freeMdlBlock(mdl)
      return nil
    }
    mdl.initialize(0, count << pageShift)
    mdl.process = nil
    mdl.mappedAddress = nil
    mdl.flags = .pagesLocked
    return mdl
  }

  /// Takes frames range by range; gives their number.
  private func fill(
    _ frames: UnsafeMutablePointer<UInt64>, _ wanted: Int, chunk: Int, _ request: PageRequest
  ) -> Int {
    let limit = UInt64(state.pointee.memory.frameCount) << 12
    let isZeroed = !request.flags.contains(.dontZero)
    let step = chunk > 1 ? 0 : request.skip
    var low = request.low
    var high = request.high
    var count = 0
    while count < wanted, low < limit, low <= high {
      let first = FrameNumber((low + UInt64(pageMask)) >> 12)
      let end = FrameNumber((min(high, limit - 1) + 1) >> 12)
      if first < end {
        count += take(
          frames + count, wanted - count, chunk: chunk, in: first..<end, zeroed: isZeroed)
      }
      guard step > 0 else { break }
      low += step
      high = high.addingReportingOverflow(step).overflow ? .max : high + step
    }
    return count
  }

  /// Takes the longest runs first.
  private func take(
    _ frames: UnsafeMutablePointer<UInt64>, _ wanted: Int, chunk: Int,
    in range: Range<FrameNumber>, zeroed: Bool
  ) -> Int {
    var count = 0
    var length = chunk > 1 ? chunk : wanted
    while count < wanted, length >= chunk {
      guard length <= wanted - count, let first = takeFrames(length, zeroed: zeroed, in: range)
      else {
        length = chunk > 1 ? 0 : length / 2
        continue
      }
      for index in 0..<length { frames[count + index] = UInt64(first + index) }
      count += length
    }
    return count
  }

  /// Gives pages of ``allocatePages(_:)`` back, with a mapping that is left; not the list.
  func freePages(of mdl: Mdl) {
    guard mdl.flags.contains(.pagesLocked), mdl.page == 0, mdl.process == nil else {
      bugCheck(
        0x4E, 7, mdl.pageCount > 0 ? mdl.frames[0] : 0, UInt64(mdl.flags.rawValue), 0,
        subject: name("MmFreePagesFromMdl"))
    }
    mdl.unmapFromSystem(self)
    for index in 0..<mdl.pageCount { releaseFrame(FrameNumber(mdl.frames[index])) }
    mdl.flags.remove(.pagesLocked)
  }
}

// MARK: Exports

@c(r3_MmAllocatePagesForMdl)
func mmAllocatePagesForMdl(_ low: UInt64, _ high: UInt64, _ skip: UInt64, _ count: UInt)
  -> UnsafeMutablePointer<MDL>?
{
  checkLevel(atMost: .dispatch, rule: 0x7E, nil, name("MmAllocatePagesForMdl"))
  return Machine.current.allocatePages(
    PageRequest(low: low, high: high, skip: skip, byteCount: count))?.pointer
}

@c(r3_MmAllocatePagesForMdlEx)
func mmAllocatePagesForMdlEx(
  _ low: UInt64, _ high: UInt64, _ skip: UInt64, _ count: UInt, _ caching: UInt32, _ flags: UInt32
) -> UnsafeMutablePointer<MDL>? {
  checkLevel(atMost: .dispatch, rule: 0x7E, nil, name("MmAllocatePagesForMdlEx"))
  let flags = PageRequest.Flags(rawValue: flags)
  if flags.contains(.andHotRemove), CurrentThread.irql != Irql.passive.rawValue { return nil }
  return Machine.current.allocatePages(
    PageRequest(low: low, high: high, skip: skip, byteCount: count, flags: flags))?.pointer
}

@c(r3_MmAllocateNodePagesForMdlEx)
func mmAllocateNodePagesForMdlEx(
  _ low: UInt64, _ high: UInt64, _ skip: UInt64, _ count: UInt, _ caching: UInt32,
  _ idealNode: UInt32, _ flags: UInt32
) -> UnsafeMutablePointer<MDL>? {
  mmAllocatePagesForMdlEx(low, high, skip, count, caching, flags)
}

@c(r3_MmFreePagesFromMdl)
func mmFreePagesFromMdl(_ mdl: UnsafeMutablePointer<MDL>) {
  checkLevel(atMost: .dispatch, rule: 0x7E, Mdl(mdl), name("MmFreePagesFromMdl"))
  Machine.current.freePages(of: Mdl(mdl))
}
