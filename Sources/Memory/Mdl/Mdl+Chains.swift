import CDriverKit
import Machine
import NTTypes

// IoAllocateMdl and IoFreeMdl, and the chain of a request.
extension Machine {
  /// A list for a buffer, without frames; nil when the buffer is too long or there is no memory.
  package func allocateMdl(_ address: UInt, _ count: Int) -> Mdl? {
    guard count >= 0, count <= Mdl.largestByteCount,
      let mdl = Mdl(allocateMdlBlock(Mdl.byteCount(address, count)))
    else { return nil }
    mdl.initialize(address, count)
    mdl.process = nil
    mdl.mappedAddress = nil
    return mdl
  }

  /// A list for a user buffer with its pages locked; what a direct request needs.
  ///
  /// - Throws: `accessViolation`, or `insufficientResources`; then nothing is allocated.
  package func lockedMdl(_ process: Process, _ address: UInt, _ count: Int, forWriting: Bool)
    throws(NTStatus) -> Mdl
  {
    guard let mdl = allocateMdl(address, count) else { throw .insufficientResources }
    do throws(NTStatus) {
      try mdl.lock(in: process, isUser: true, forWriting: forWriting)
    } catch {
      freeMdlBlock(mdl)
      throw error
    }
    return mdl
  }

  /// Frees one list: not its successors, and not the memory that it describes.
  package func freeMdl(_ mdl: Mdl) {
    if mdl.flags.contains(.partialHasBeenMapped) { mdl.unmapFromSystem(self) }
    let left = mdl.flags.intersection([.pagesLocked, .mappedToSystem])
    if verifier.contains(.poolTracking), !left.isEmpty,
      mdl.flags.isDisjoint(with: [.partial, .sourceIsNonpagedPool])
    {
      bugCheck(
        0xC4, 0xB8, mdl.bits, UInt64(mdl.flags.rawValue), UInt64(left.rawValue),
        subject: name("IoFreeMdl"))
    }
    freeMdlBlock(mdl)
  }

  /// Unlocks and frees every list of a completed request.
  package func freeMdlChain(_ first: Mdl?) {
    var next = first
    // Mappings of parts go before the locks that keep their pages.
    while let mdl = next {
      if mdl.flags.contains(.partialHasBeenMapped) { mdl.unmapFromSystem(self) }
      next = mdl.next
    }
    next = first
    while let mdl = next {
      next = mdl.next
      if mdl.flags.contains(.pagesLocked), !mdl.flags.contains(.partial) { mdl.unlock() }
      freeMdl(mdl)
    }
  }
}

extension Mdl {
  /// Adds a list at the end of the chain that begins here.
  package func append(_ mdl: Mdl) {
    var last = self
    while let next = last.next { last = next }
    last.next = mdl
  }
}
