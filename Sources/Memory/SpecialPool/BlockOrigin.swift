import Machine

/// Where a driver asked for a block: its stack, or only where the call returns to.
///
/// In a word that is a stack's number when it has 32 bits, else an address.
struct BlockOrigin {
  var site: UInt64
  var stack: StackNumber

  static let none = BlockOrigin(site: 0, stack: 0)
}

extension Pool {
  /// The origin of a block that is asked for now, as a word.
  var origin: UInt64 {
    guard verifies else { return Self.site }
    let stack = machine.noteStack()
    return stack != 0 ? UInt64(stack) : Self.site
  }

  /// What a word says.
  func origin(_ word: UInt64) -> BlockOrigin {
    guard word != 0, let stack = StackNumber(exactly: word) else {
      return BlockOrigin(site: word, stack: 0)
    }
    let site = machine.verifierState?.pointee.stacks.newestFrame(of: stack) ?? 0
    return BlockOrigin(site: site, stack: stack)
  }

  /// What is known of a live block's allocation.
  func causes(of block: Block, _ word: BlockWord) -> Causes {
    guard verifies, word.bits & BlockWord.hasTrailer != 0 else { return .none }
    return Causes(.allocated, origin(trailer(of: block, word).pointee.origin).stack)
  }

  /// What is known of a live run's allocation.
  func causes(ofRun page: Int) -> Causes {
    guard verifies, state.pointee.words[page].hasDetails else { return .none }
    return Causes(.allocated, origin(state.pointee.descriptors[page].second).stack)
  }

  /// What is known of the allocation and the release of the block that lay at an address.
  func causes(ofFreed address: UInt) -> Causes {
    guard verifies, address &- state.pointee.base < state.pointee.span else { return .none }
    let page = Int((address - state.pointee.base) >> UInt(pageShift))
    let release: UInt64
    let word: UInt64
    if address & pageMask == 0 {
      guard state.pointee.words[page].hasDetails else { return .none }
      release = state.pointee.descriptors[page].first
      word = state.pointee.descriptors[page].second
    } else {
      let block = Block(address)
      let header = block.header.pointee.word
      guard header.bits & BlockWord.hasTrailer != 0 else { return .none }
      let trailer = trailer(of: block, header).pointee
      release = trailer.process
      word = trailer.origin
    }
    return Causes(.allocated, origin(word).stack)
      .and(.released, StackNumber(exactly: release) ?? 0)
  }

  /// Notes who releases a block, for whoever releases it again.
  ///
  /// Not where special pool is told not to guard: there time matters more.
  func noteRelease(of block: Block, _ word: BlockWord) {
    guard verifies, machine.guardsBlocks, word.bits & BlockWord.hasTrailer != 0 else { return }
    trailer(of: block, word).pointee.process = UInt64(machine.noteStack())
  }

  func noteRelease(ofRun page: Int) {
    guard verifies, machine.guardsBlocks, state.pointee.words[page].hasDetails else { return }
    state.pointee.descriptors[page].first = UInt64(machine.noteStack())
  }

  private func trailer(of block: Block, _ word: BlockWord) -> UnsafeMutablePointer<BlockTrailer> {
    let central = state.pointee.centrals[word.index]
    return Block.trailer(plainAddress(block, central) - 16 + UInt(central.slotByteCount))
  }
}
