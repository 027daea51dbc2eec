// Copies what a program sends into a buffer of its own that is too short, on the stack.
#define DEFECT_CONTROL
#include "defect.h"

#define ROOM 32

__declspec(noinline) static ULONG Sum(const UCHAR *Data, ULONG Length) {
  volatile UCHAR copy[ROOM];
  ULONG sum = 0, index;
#ifdef REPAIRED
  if (Length > ROOM) Length = ROOM;
#else
  Length *= 4;
#endif
  RtlCopyMemory((PVOID)copy, Data, Length);
  for (index = 0; index < ROOM; index++) sum += copy[index];
  return sum;
}

static UCHAR Data[512];

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  UNREFERENCED_PARAMETER(Device);
  if (stack->Parameters.DeviceIoControl.InputBufferLength > 128) {
    return DefectComplete(Irp, STATUS_INVALID_PARAMETER, 0);
  }
  Data[0] = (UCHAR)Sum(Data, stack->Parameters.DeviceIoControl.InputBufferLength);
  return DefectAnswer(Irp);
}
