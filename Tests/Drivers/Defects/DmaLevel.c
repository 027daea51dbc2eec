// Asks for a list at PASSIVE_LEVEL.
#include "defect-dma.h"

static VOID DefectTransfer(DEFECT_DMA *Dma) {
#ifdef REPAIRED
  DefectList(Dma, Dma->Mdl, Dma->Block, PAGE_SIZE, DISPATCH_LEVEL);
#else
  DefectList(Dma, Dma->Mdl, Dma->Block, PAGE_SIZE, PASSIVE_LEVEL);
#endif
}
