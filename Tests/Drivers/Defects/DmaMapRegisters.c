// Releases its map registers twice.
#define CHANNEL_ANSWER DeallocateObjectKeepRegisters
#include "defect-channel.h"

static VOID DefectRelease(DEFECT_DMA *Dma, PVOID Base) {
  DefectDma(Dma)->FreeMapRegisters(Dma->Adapter, Base, 1);
#ifndef REPAIRED
  DefectDma(Dma)->FreeMapRegisters(Dma->Adapter, Base, 1);
#endif
}
