import CRing3
import Machine

/// What an address turns out to be.
enum Located {
  case block(Block)
  /// A run of pages, by the number of its first.
  case run(Int)
  case none(WrongAddress)
}

/// The values of the bug check that a wrong address leads to.
struct WrongAddress {
  let code: UInt32
  let parameters: (UInt64, UInt64, UInt64, UInt64)

  /// The block that is released already, when that is it.
  var address: UInt = 0
  var isFreed: Bool { address != 0 }
  /// The rule, where code and parameters do not tell it.
  var rule: StaticString?

  init(code: UInt32 = 0xC2, _ p1: UInt64, _ p2: UInt64, _ p3: UInt64 = 0, _ p4: UInt64 = 0) {
    self.code = code
    parameters = (p1, p2, p3, p4)
  }
}

extension Pool {
  /// The live block that begins at an address, or what is wrong with the address.
  func locate(_ address: UInt) -> Located {
    if address == 0 { return .none(WrongAddress(0x46, 0)) }
    if address < UserRange.end {
      return .none(WrongAddress(0x40, UInt64(address), UInt64(UserRange.end)))
    }
    guard address &- state.pointee.base < state.pointee.span else {
      return .none(WrongAddress(0x43, UInt64(address)))
    }
    let page = Int((address - state.pointee.base) >> UInt(pageShift))
    let word = state.pointee.words[page]
    switch word.state {
    case PageWord.shared:
      return locateInSharedPage(address, page, state.pointee.descriptors + page)
    case PageWord.liveRun where address & pageMask == 0:
      return .run(page)
    case PageWord.cachedRun where address & pageMask == 0:
      return .none(freedTwice(address, UInt64(address), word.tag))
    case 0:
      return .none(isInsideRun(page) ? interior(address, page) : neverAllocated(address, page))
    default:
      return .none(interior(address, page))
    }
  }

  private func locateInSharedPage(
    _ address: UInt, _ page: Int, _ descriptor: UnsafeMutablePointer<PageDescriptor>
  ) -> Located {
    let offset = Int(address & pageMask)
    guard address & 15 == 0, offset >= 16 else { return .none(interior(address, page)) }
    let block = Block(address)
    let header = block.header.pointee
    let difference = header.check ^ BlockHeader.seal(address, state.pointee.cookie, header.word)
    switch difference {
    case 0 where !header.word.isSpecial: return .block(block)
    case BlockHeader.special where header.word.isSpecial: return .block(block)
    case BlockWord.live, BlockWord.live ^ BlockHeader.special:
      return .none(freedTwice(address, UInt64(address - 16), header.word.tag))
    default: break
    }
    let central = state.pointee.centrals[state.pointee.words[page].sharedIndex]
    let slot = central.slot(at: offset - 16)
    guard slot < Int(central.slotsPerPage), plainAddress(block, central) == address else {
      return .none(interior(address, page))
    }
    if descriptor.pointee.isSlotFree(slot) || header.check == 0 {
      return .none(neverAllocated(address, page))
    }
    return .none(
      WrongAddress(
        code: 0x19, 0x20, UInt64(address - 16),
        UInt64(address - 16 + UInt(central.slotByteCount)), header.word.bits))
  }

  /// Whether an unused-looking page belongs to a run that begins before it.
  private func isInsideRun(_ page: Int) -> Bool {
    var before = page - 1
    while before >= 0 {
      let state = state.pointee.words[before].state
      if state == PageWord.liveRun {
        return before + PoolLayout.pageCount(max(runByteCount(before), 1)) > page
      }
      if state != 0 { return false }
      before -= 1
    }
    return false
  }

  private func interior(_ address: UInt, _ page: Int) -> WrongAddress {
    state.pointee.kind(ofPage: page) == .paged
      ? WrongAddress(0x41286, 0, 0, UInt64(address)) : WrongAddress(0x99, UInt64(address))
  }

  private func neverAllocated(_ address: UInt, _ page: Int) -> WrongAddress {
    if verifies {
      var fault = WrongAddress(code: 0xC4, 0x10, UInt64(address))
      fault.rule = "PoolBadAddress"
      return fault
    }
    guard state.pointee.kind(ofPage: page) == .paged else {
      return WrongAddress(0x41, UInt64(address))
    }
    let pagedCount = state.pointee.frameCount - state.pointee.pagedStart
    return WrongAddress(
      0x50, UInt64(address), UInt64(page - state.pointee.pagedStart),
      UInt64(pagedCount << pageShift))
  }

  private func freedTwice(_ address: UInt, _ header: UInt64, _ tag: UInt32) -> WrongAddress {
    guard verifies else { return WrongAddress(0x07, header, UInt64(tag), UInt64(address)) }
    var fault = WrongAddress(code: 0xC4, 0x13, UInt64(tag), header, UInt64(address))
    fault.rule = "PoolFreedTwice"
    fault.address = address
    return fault
  }

  /// The bug check of a wrong address.
  func stop(_ fault: WrongAddress) -> Never {
    let (p1, p2, p3, p4) = fault.parameters
    guard fault.isFreed else { machine.bugCheck(fault.code, p1, p2, p3, p4, rule: fault.rule) }
    machine.bugCheck(
      fault.code, p1, p2, p3, p4, rule: fault.rule, causes: causes(ofFreed: fault.address))
  }
}
