// Releases an adapter and keeps a common buffer of it.
#include "defect-dma.h"

static VOID DefectTransfer(DEFECT_DMA *Dma) {
  PHYSICAL_ADDRESS logical;
  PDMA_ADAPTER other = DefectAdapter(Dma->Device);
  PVOID buffer;
  if (other == NULL) return;
  buffer = other->DmaOperations->AllocateCommonBuffer(other, PAGE_SIZE, &logical, TRUE);
#ifdef REPAIRED
  if (buffer != NULL) other->DmaOperations->FreeCommonBuffer(other, PAGE_SIZE, logical, buffer, TRUE);
#else
  UNREFERENCED_PARAMETER(buffer);
#endif
  other->DmaOperations->PutDmaAdapter(other);
}
