// Gives no place for a handle.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFMEMORY memory;
  UNREFERENCED_PARAMETER(Queue);
#ifdef REPAIRED
  (void)WdfRequestRetrieveOutputMemory(Request, &memory);
#else
  UNREFERENCED_PARAMETER(memory);
  (void)WdfRequestRetrieveOutputMemory(Request, NULL);
#endif
  DefectAnswer(Request, Length);
}
