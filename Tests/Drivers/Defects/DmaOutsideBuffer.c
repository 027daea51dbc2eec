// Asks for the list of bytes before its buffer.
#include "defect-dma.h"

static VOID DefectTransfer(DEFECT_DMA *Dma) {
#ifdef REPAIRED
  DefectList(Dma, Dma->Mdl, Dma->Block, 64, DISPATCH_LEVEL);
#else
  DefectList(Dma, Dma->Mdl, Dma->Block - 64, 64, DISPATCH_LEVEL);
#endif
}
