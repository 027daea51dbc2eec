// Uses the memory object of an internal control request that it completed.
#define DEFECT_CONTROL
#define DEFECT_INTERNAL
#include "defect-wdf.h"

#define INTERNAL_CODE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

static VOID DefectInternal(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                           size_t InputLength, ULONG Code) {
  WDFMEMORY memory = NULL;
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  UNREFERENCED_PARAMETER(OutputLength);
  (void)WdfRequestRetrieveInputMemory(Request, &memory);
#ifdef REPAIRED
  (void)WdfMemoryGetBuffer(memory, NULL);
#endif
  WdfRequestComplete(Request, STATUS_SUCCESS);
#ifndef REPAIRED
  (void)WdfMemoryGetBuffer(memory, NULL);
#endif
}

static VOID DefectControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                          size_t InputLength, ULONG Code) {
  PDEVICE_OBJECT device = WdfDeviceWdmGetDeviceObject(DefectDevice);
  ULONG input = 1;
  IO_STATUS_BLOCK answer;
  KEVENT event;
  PIRP irp;
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  irp = IoBuildDeviceIoControlRequest(INTERNAL_CODE, device, &input, sizeof(input), NULL, 0, TRUE,
                                      &event, &answer);
  if (irp != NULL && IoCallDriver(device, irp) == STATUS_PENDING) {
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
  }
  DefectAnswer(Request, OutputLength);
}
