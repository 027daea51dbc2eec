// Completes a read with a reference to its memory object left.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFMEMORY memory;
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(WdfRequestRetrieveOutputMemory(Request, &memory))) {
    WdfObjectReference(memory);
#ifdef REPAIRED
    WdfObjectDereference(memory);
#endif
  }
  DefectAnswer(Request, Length);
}
