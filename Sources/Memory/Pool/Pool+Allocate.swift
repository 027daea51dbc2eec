import CRing3
import Glibc
import Machine
import NTTypes

// The long way of allocating: every option, every check.
extension Pool {
  var machine: Machine { state.pointee.machine }

  var verifies: Bool { state.pointee.mode & PoolMode.verifies != 0 }

  /// The classes of the verifier that look at pool; with one of them every block takes the long way.
  static var classes: VerifierClasses {
    [
      .specialPool, .poolTracking, .deadlockDetection, .securityChecks, .miscellaneous,
      .ddiCompliance, .codeIntegrity,
    ]
  }

  /// Whether a class is checked.
  func checks(_ classes: VerifierClasses) -> Bool {
    verifies && machine.verifier.contains(classes)
  }

  /// Serves a request with all its options.
  ///
  /// - Returns: nil when it fails; `failure` then says why.
  @inline(never)
  package func allocate(_ wanted: PoolRequest, failure: inout PoolFailure)
    -> UnsafeMutableRawPointer?
  {
    var request = wanted
    // The system process has no quota.
    if request.process?.isSystem == true { request.process = nil }
    checkRequest(request)
    failure = .exhausted
    guard request.byteCount >= 0, request.byteCount <= state.pointee.frameCount << pageShift,
      !isRefused(request), let cache = acquireCache()
    else { return nil }
    let address = chargeAndPlace(cache, request, &failure)
    releaseCache(cache)
    tellConditions()
    return address.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
  }

  private func chargeAndPlace(
    _ cache: UnsafeMutablePointer<PoolCache>, _ request: PoolRequest, _ failure: inout PoolFailure
  ) -> UInt? {
    let isPaged = request.kind == .paged
    if let process = request.process,
      !charge(cache, process, request.byteCount, isPaged: isPaged)
    {
      failure = .quotaExceeded
      return nil
    }
    guard let address = place(cache, request) else {
      if let process = request.process {
        giveBack(cache, process, request.byteCount, isPaged: isPaged)
      }
      return nil
    }
    failure = .none
    cache.usage(request.tag, isPaged: isPaged).pointee.countAllocation(request.byteCount)
    return address
  }

  private func place(_ cache: UnsafeMutablePointer<PoolCache>, _ request: PoolRequest) -> UInt? {
    if isSpecial(request) { return placeSpecially(cache, request) }
    var needed = max(request.byteCount, 1)
    if request.process != nil || verifies { needed += PoolLayout.trailerByteCount }
    if request.isCacheAligned { needed += 48 }
    return needed <= PoolLayout.largestSmall
      ? placeInSlot(cache, request, needed) : placeInRun(cache, request)
  }

  // MARK: Slots

  private func placeInSlot(
    _ cache: UnsafeMutablePointer<PoolCache>, _ request: PoolRequest, _ needed: Int
  ) -> UInt? {
    let index = Int(request.kind.rawValue) << 6 | cache.smallClass(needed)
    guard let plain = takeBlock(cache, index) else { return nil }
    let end = plain - 16 + UInt(state.pointee.centrals[index].slotByteCount)
    var flags = BlockWord.live
    var address = plain
    if request.isCacheAligned {
      address = (plain + 63) & ~63
      if address != plain { flags |= BlockWord.isMoved }
    }
    if request.process != nil || verifies { flags |= BlockWord.hasTrailer }
    if verifies { checkUnchanged(plain, movingTo: address) }
    let block = Block(address)
    let word = BlockWord(
      tag: request.tag, byteCount: request.byteCount, index: index, flags: flags)
    block.write(word, state.pointee.cookie)
    if word.isSpecial { block.header.pointee.check ^= BlockHeader.special }
    if flags & BlockWord.hasTrailer != 0 {
      Block.trailer(end).pointee = BlockTrailer(
        process: UInt64(UInt(bitPattern: request.process?.pointer)) ^ UInt64(address)
          ^ state.pointee.cookie,
        origin: origin)
    }
    fill(block, request, end: block.guardEnd(word, end))
    return address
  }

  // MARK: Runs

  private func placeInRun(_ cache: UnsafeMutablePointer<PoolCache>, _ request: PoolRequest) -> UInt?
  {
    let pages = PoolLayout.pageCount(max(request.byteCount, 1))
    let number =
      pages <= PoolLayout.longestCachedRun
      ? PoolLayout.runClassBase + pages : PoolLayout.longRunClass
    let index = Int(request.kind.rawValue) << 6 | number
    var isFresh = false
    let found =
      number == PoolLayout.longRunClass
      ? takeLongRun(cache, pages, request.kind, &isFresh) : takeBlock(cache, index)
    guard let address = found else { return nil }
    if verifies { checkRunUnchanged(address) }
    let isLong = number == PoolLayout.longRunClass
    var flags = isLong ? PageWord.isLong : 0
    if isLong || request.process != nil || verifies {
      flags |= PageWord.hasDetails
      let page = Int((address - state.pointee.base) >> 12)
      state.pointee.descriptors[page] = PageDescriptor(
        longByteCount: request.byteCount, process: request.process, origin: origin)
    }
    cache.word(of: address).pointee = PageWord(
      run: request.tag, byteCount: isLong ? 0 : request.byteCount, index: index, flags: flags)
    if isFresh && request.isZeroed {
      zeroDirtyPages(address, pages)
      var rest = request
      rest.isZeroed = false
      fill(Block(address), rest, end: address + UInt(pages << pageShift), fresh: false)
    } else {
      fill(Block(address), request, end: address + UInt(pages << pageShift))
    }
    return address
  }

  // MARK: Contents

  /// Writes the guard and what the block is to hold at first.
  private func fill(_ block: Block, _ request: PoolRequest, end: UInt, fresh: Bool = true) {
    if request.isZeroed {
      memset(block.pointer, 0, request.byteCount)
    } else if verifies && fresh && !isForRequest(request.tag) {
      memset(block.pointer, Int32(PoolLayout.freshByte), request.byteCount)
    }
    let room = Int(end - block.address) - request.byteCount
    if verifies {
      memset(block.pointer + request.byteCount, Int32(PoolLayout.guardByte), room)
    } else if room > 0 {
      block.writeGuard(request.byteCount)
    }
  }

  /// Whether a block is the system's own for a program's request, an IRP or a buffer, and no driver has
  /// called: the I/O manager fills what a driver must not take for empty, and takes it away afterwards.
  func isForRequest(_ tag: UInt32) -> Bool {
    (tag == Self.requestTag || tag == Self.bufferTag) && Self.site == 0
  }

  /// Tags of IRPs, `Irp `, and of their system buffers, `Io  `.
  static var requestTag: UInt32 { 0x2070_7249 }
  private static var bufferTag: UInt32 { 0x2020_6F49 }

  /// Where the driver asked for the block: the return address of its newest call of an export.
  static var site: UInt64 {
    guard let frame = r3_current()?.pointee.frames else { return 0 }
    return frame.pointee.rip
  }
}

extension Block {
  static func trailer(_ end: UInt) -> UnsafeMutablePointer<BlockTrailer> {
    (Block(end).pointer - 16).assumingMemoryBound(to: BlockTrailer.self)
  }

  /// Where the bytes that must stay as they are end.
  func guardEnd(_ word: BlockWord, _ slotEnd: UInt) -> UInt {
    word.bits & BlockWord.hasTrailer != 0 ? slotEnd - 16 : slotEnd
  }
}
