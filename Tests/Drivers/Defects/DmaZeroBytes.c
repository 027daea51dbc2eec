// Asks for the list of no bytes.
#include "defect-dma.h"

static VOID DefectTransfer(DEFECT_DMA *Dma) {
#ifdef REPAIRED
  DefectList(Dma, Dma->Mdl, Dma->Block, 1, DISPATCH_LEVEL);
#else
  DefectList(Dma, Dma->Mdl, Dma->Block, 0, DISPATCH_LEVEL);
#endif
}
