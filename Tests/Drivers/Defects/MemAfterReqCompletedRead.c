// Uses the memory object of a read that it completed.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFMEMORY memory = NULL;
  UNREFERENCED_PARAMETER(Queue);
  (void)WdfRequestRetrieveOutputMemory(Request, &memory);
#ifdef REPAIRED
  (void)WdfMemoryGetBuffer(memory, NULL);
#endif
  DefectAnswer(Request, Length);
#ifndef REPAIRED
  (void)WdfMemoryGetBuffer(memory, NULL);
#endif
}
