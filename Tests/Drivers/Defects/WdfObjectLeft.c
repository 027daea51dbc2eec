// Is unloaded with a reference to an object of its.
#define DEFECT_READ
#define DEFECT_UNLOAD
#include "defect-wdf.h"

static WDFOBJECT object;

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(WdfObjectCreate(WDF_NO_OBJECT_ATTRIBUTES, &object))) WdfObjectReference(object);
  DefectAnswer(Request, Length);
}

static VOID DefectUnload(WDFDRIVER Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  WdfObjectDereference(object);
#endif
}
