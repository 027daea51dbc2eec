// Lets a reference of an object go that it never took.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFOBJECT object;
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(WdfObjectCreate(WDF_NO_OBJECT_ATTRIBUTES, &object))) {
#ifdef REPAIRED
    WdfObjectDelete(object);
#else
    WdfObjectDereference(object);
#endif
  }
  DefectAnswer(Request, Length);
}
