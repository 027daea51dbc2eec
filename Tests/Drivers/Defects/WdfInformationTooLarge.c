// Reports more bytes than the output buffer of the request holds.
#define DEFECT_READ
#include "defect-wdf.h"

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PVOID buffer;
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(WdfRequestRetrieveOutputBuffer(Request, Length, &buffer, NULL))) {
    RtlFillMemory(buffer, Length, 0x5A);
  }
#ifndef REPAIRED
  Length += 8;
#endif
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
