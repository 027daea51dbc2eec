// Uses the memory object of a write that it completed.
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFMEMORY memory = NULL;
  UNREFERENCED_PARAMETER(Queue);
  (void)WdfRequestRetrieveInputMemory(Request, &memory);
#ifdef REPAIRED
  (void)WdfMemoryGetBuffer(memory, NULL);
#endif
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
#ifndef REPAIRED
  (void)WdfMemoryGetBuffer(memory, NULL);
#endif
}
