// Asks for the list of an MDL that nobody has locked.
#include "defect-dma.h"

static VOID DefectTransfer(DEFECT_DMA *Dma) {
#ifdef REPAIRED
  DefectList(Dma, Dma->Mdl, Dma->Block, PAGE_SIZE, DISPATCH_LEVEL);
#else
  PMDL mdl = IoAllocateMdl(Dma->Block, PAGE_SIZE, FALSE, FALSE, NULL);
  if (mdl == NULL) return;
  DefectList(Dma, mdl, Dma->Block, PAGE_SIZE, DISPATCH_LEVEL);
  IoFreeMdl(mdl);
#endif
}
