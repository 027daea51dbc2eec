// Rules on DMA.
extension VerifierRule {
  static let dma: [VerifierRule] = [
    VerifierRule(
      "DmaCommonBuffer", 0xE6, [0x03], [],
      "A common buffer was released that is none, or is released already.",
      remedy:
        "Release each buffer of AllocateCommonBuffer once, with its own length and logical address."
    ),
    VerifierRule(
      "DmaChannel", 0xE6, [0x04], .dma,
      "The channel of an adapter was released that nobody has.",
      remedy:
        "Release the channel once: by the answer of AdapterControl, or by FreeAdapterChannel, not both."
    ),
    VerifierRule(
      "DmaMapRegisters", 0xE6, [0x00, 0x05], [],
      "A transfer was done with map registers that the driver does not have, or with too few.",
      remedy:
        "Use the MapRegisterBase that AdapterControl got, until FreeMapRegisters, and map no more than was asked for."
    ),
    VerifierRule(
      "DmaAdapterInUse", 0xE6, [0x07, 0x08, 0x09, 0x0A], .dma,
      "An adapter was released while the driver has something of it.",
      remedy:
        "Release common buffers, lists, map registers and the channel first, then the adapter."),
    VerifierRule(
      "DmaAdapterReleased", 0xE6, [0x18], .dma,
      "An adapter was used that the driver has released.",
      remedy: "Call PutDmaAdapter last, and clear the pointer."),
    VerifierRule(
      "DmaBufferNotLocked", 0xE6, [0x0E], .dma,
      "A transfer was asked for whose buffer is not locked.",
      remedy:
        "Lock the pages with MmProbeAndLockPages, or describe nonpaged pool with MmBuildMdlForNonPagedPool."
    ),
    VerifierRule(
      "DmaOutsideBuffer", 0xE6, [0x1B], .dma,
      "A transfer was asked for that begins outside its MDL.",
      remedy: "Begin at MmGetMdlVirtualAddress, and add only what was transferred."),
    VerifierRule(
      "DmaZeroBytes", 0xE6, [0x21], .dma,
      "A transfer of no bytes was asked for.",
      remedy: "Complete requests of no bytes without a transfer."),
    VerifierRule(
      "DmaLevel", 0xE6, [0x13], .dma,
      "A routine of an adapter was called at another level than it may be called at.",
      remedy:
        "Raise to DISPATCH_LEVEL for lists and channels; make and release adapters and common buffers at PASSIVE_LEVEL."
    ),
  ]
}
