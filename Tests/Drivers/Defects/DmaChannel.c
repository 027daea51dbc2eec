// Releases the channel by the answer of AdapterControl, and then once more.
#define CHANNEL_ANSWER DeallocateObject
#include "defect-channel.h"

static VOID DefectRelease(DEFECT_DMA *Dma, PVOID Base) {
  UNREFERENCED_PARAMETER(Base);
#ifdef REPAIRED
  // The answer has released it.
  UNREFERENCED_PARAMETER(Dma);
#else
  DefectDma(Dma)->FreeAdapterChannel(Dma->Adapter);
#endif
}
