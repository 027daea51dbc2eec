// Touches memory of the framework beyond its end or after its release: the control code says which. Each
// is to be found by guarded pages.
#define DEFECT_CONTROL
#include "Defects/defect-wdf.h"

static VOID Touch(PVOID Memory, SIZE_T Offset) { ((volatile UCHAR *)Memory)[Offset] = 1; }

static VOID TouchMemory(BOOLEAN IsFreed) {
  WDFMEMORY memory;
  PVOID buffer;
  if (!NT_SUCCESS(WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, NonPagedPoolNx, DEFECT_TAG, 100, &memory,
                                  &buffer))) {
    return;
  }
  if (IsFreed) WdfObjectDelete(memory);
  Touch(buffer, IsFreed ? 50 : 112);
  if (!IsFreed) WdfObjectDelete(memory);
}

static VOID TouchEntry(BOOLEAN IsFreed) {
  WDFLOOKASIDE list;
  WDFMEMORY memory;
  PVOID buffer;
  if (!NT_SUCCESS(WdfLookasideListCreate(WDF_NO_OBJECT_ATTRIBUTES, 112, NonPagedPoolNx,
                                         WDF_NO_OBJECT_ATTRIBUTES, DEFECT_TAG, &list))) {
    return;
  }
  if (NT_SUCCESS(WdfMemoryCreateFromLookaside(list, &memory))) {
    buffer = WdfMemoryGetBuffer(memory, NULL);
    if (IsFreed) WdfObjectDelete(memory);
    Touch(buffer, IsFreed ? 50 : 128);
    if (!IsFreed) WdfObjectDelete(memory);
  }
  WdfObjectDelete(list);
}

static VOID DefectControl(WDFQUEUE Queue, WDFREQUEST Request, size_t Output, size_t Input,
                          ULONG Code) {
  ULONG choice = (Code >> 2) & 0xFF;
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(Input);
  switch (choice) {
    case 0: case 1: TouchMemory(choice == 1); break;
    case 2: case 3: TouchEntry(choice == 3); break;
  }
  DefectAnswer(Request, Output);
}
