// Uses the memory object of a control request that it completed.
#define DEFECT_CONTROL
#include "defect-wdf.h"

static VOID DefectControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                          size_t InputLength, ULONG Code) {
  WDFMEMORY memory = NULL;
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  (void)WdfRequestRetrieveInputMemory(Request, &memory);
#ifdef REPAIRED
  if (memory != NULL) (void)WdfMemoryGetBuffer(memory, NULL);
#endif
  DefectAnswer(Request, OutputLength);
#ifndef REPAIRED
  if (memory != NULL) (void)WdfMemoryGetBuffer(memory, NULL);
#endif
}
