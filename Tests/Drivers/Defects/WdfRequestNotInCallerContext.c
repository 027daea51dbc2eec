// Asks for the address of a program in EvtIoWrite, which may run in any process.
#define DEFECT_IO_TYPE WdfDeviceIoNeither
#define DEFECT_WRITE
#include "defect-wdf.h"

static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
#ifndef REPAIRED
  {
    PVOID buffer;
    size_t length;
    (void)WdfRequestRetrieveUnsafeUserInputBuffer(Request, 1, &buffer, &length);
  }
#endif
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
