import CRing3
import Glibc
import Machine

// The long way of freeing: every check, every kind of block.
extension Pool {
  @inline(never)
  func freeSlowly(_ address: UInt, _ tag: UInt32) {
    // A machine that has ended needs nothing back.
    if machine.isHalted && r3_current()?.pointee.hostStack ?? 0 == 0 { return }
    checkFreeLevel(address)
    if freeSpecially(address, tag) { return tellConditions() }
    switch locate(address) {
    case .block(let block): free(block, tag)
    case .run(let page): free(address, page, tag)
    case .none(let fault):
      checkRequestPacket(address)
      stop(fault)
    }
    tellConditions()
  }

  /// An IRP is freed by IoFreeIrp: it lies behind what the I/O manager keeps in the same block.
  private func checkRequestPacket(_ address: UInt) {
    guard case .block(let block) = locate(address &- requestHeadByteCount),
      block.header.pointee.word.tag == Self.requestTag
    else { return }
    machine.bugCheck(0xC4, 0x105, UInt64(address), 0, 0)
  }

  /// Bytes that the I/O manager keeps before an IRP; more in a verified machine.
  var requestHeadByteCount: UInt { machine.verifier.isEmpty ? 32 : 96 }

  private func free(_ block: Block, _ tag: UInt32) {
    let word = block.header.pointee.word
    let causes = causes(of: block, word)
    checkTag(block.address, word.tag, tag, causes)
    let central = state.pointee.centrals[word.index]
    let plain = plainAddress(block, central)
    let end = plain - 16 + UInt(central.slotByteCount)
    checkGuard(block, word.byteCount, block.guardEnd(word, end), causes)
    if !isForRequest(word.tag) { checkContents(block.address, word.byteCount, causes) }
    let process = payer(block, word, end)
    noteRelease(of: block, word)
    guard let cache = acquireCache() else { return }
    block.header.pointee.word = word.freed
    cache.usage(word.tag, isPaged: word.kind == .paged).pointee.countFree(word.byteCount)
    if let process {
      giveBack(cache, process, word.byteCount, isPaged: word.kind == .paged)
    }
    if verifies { memset(block.pointer, Int32(PoolLayout.freedByte), word.byteCount) }
    putBlock(cache, word.index, plain)
    releaseCache(cache)
  }

  private func free(_ address: UInt, _ page: Int, _ tag: UInt32) {
    let word = state.pointee.words[page]
    let byteCount = runByteCount(page)
    let causes = causes(ofRun: page)
    checkTag(address, word.tag, tag, causes)
    let pages = PoolLayout.pageCount(max(byteCount, 1))
    checkGuard(Block(address), byteCount, address + UInt(pages << pageShift), causes)
    let isForRequest = isForRequest(word.tag)
    if !isForRequest { checkContents(address, byteCount, causes) }
    guard let cache = acquireCache() else { return }
    let isPaged = word.kind == .paged
    cache.usage(word.tag, isPaged: isPaged).pointee.countFree(byteCount)
    if word.hasDetails, let process = state.pointee.descriptors[page].process {
      giveBack(cache, process, byteCount, isPaged: isPaged)
    }
    noteRelease(ofRun: page)
    // Of a run that is not filled, no bytes are looked at again.
    state.pointee.words[page] = isForRequest ? word.cached.withoutBytes : word.cached
    if verifies && !isForRequest {
      memset(Block(address).pointer, Int32(PoolLayout.freedByte), byteCount)
    }
    if word.isLong {
      giveLongRun(address, byteCount)
    } else {
      putBlock(cache, word.runIndex, address)
    }
    releaseCache(cache)
  }

  /// The requested bytes of the live run that begins at a page.
  func runByteCount(_ page: Int) -> Int {
    let word = state.pointee.words[page]
    return word.isLong ? state.pointee.descriptors[page].count : word.byteCount
  }

  /// Where a block would lie if nothing moved it inside its slot.
  func plainAddress(_ block: Block, _ central: CentralClass) -> UInt {
    let page = block.address & ~pageMask
    let slot = central.slot(at: Int(block.address & pageMask) - 16)
    return page + UInt(slot * Int(central.slotByteCount)) + 16
  }

  /// The process that pays for a block.
  private func payer(_ block: Block, _ word: BlockWord, _ end: UInt) -> Process? {
    guard word.bits & BlockWord.hasTrailer != 0 else { return nil }
    let mixed = Block.trailer(end).pointee.process
    let value = UInt(mixed ^ UInt64(block.address) ^ state.pointee.cookie)
    guard value != 0 else { return nil }
    guard let process = machine.process(at: value) else {
      // The owner was overwritten: the pointer, as found, and the address.
      machine.bugCheck(0xC2, 0x0D, UInt64(block.address), UInt64(word.tag), UInt64(value))
    }
    return process
  }
}

extension Machine {
  /// The process whose object lies at `address`, if that is one of this machine.
  fileprivate func process(at address: UInt) -> Process? {
    var next = state.pointee.processes.first
    while let process = next {
      if UInt(bitPattern: process) == address { return Process(process) }
      next = process.pointee.next
    }
    return nil
  }
}
