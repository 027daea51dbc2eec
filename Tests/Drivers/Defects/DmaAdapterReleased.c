// Asks an adapter for a common buffer that it has released.
#include "defect-dma.h"

static VOID DefectTransfer(DEFECT_DMA *Dma) {
  PHYSICAL_ADDRESS logical;
  PDMA_ADAPTER other = DefectAdapter(Dma->Device);
  PVOID buffer;
  if (other == NULL) return;
#ifndef REPAIRED
  other->DmaOperations->PutDmaAdapter(other);
#endif
  buffer = other->DmaOperations->AllocateCommonBuffer(other, PAGE_SIZE, &logical, TRUE);
  if (buffer != NULL) other->DmaOperations->FreeCommonBuffer(other, PAGE_SIZE, logical, buffer, TRUE);
#ifdef REPAIRED
  other->DmaOperations->PutDmaAdapter(other);
#endif
}
