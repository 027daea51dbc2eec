// Releases a common buffer twice.
#include "defect-dma.h"

static VOID DefectTransfer(DEFECT_DMA *Dma) {
  PHYSICAL_ADDRESS logical;
  PVOID buffer = DefectDma(Dma)->AllocateCommonBuffer(Dma->Adapter, PAGE_SIZE, &logical, TRUE);
  if (buffer == NULL) return;
  DefectDma(Dma)->FreeCommonBuffer(Dma->Adapter, PAGE_SIZE, logical, buffer, TRUE);
#ifndef REPAIRED
  DefectDma(Dma)->FreeCommonBuffer(Dma->Adapter, PAGE_SIZE, logical, buffer, TRUE);
#endif
}
