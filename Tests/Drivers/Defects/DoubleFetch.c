// Reads a length from the program's memory, checks it, and reads it again to use it.
#define DEFECT_FLAGS 0
#define DEFECT_WRITE
#define DEFECT_CONTROL
#include "defect.h"

static UCHAR own[64];
static volatile ULONG used;

static VOID Fetch(PVOID User) {
  volatile ULONG *words = User;
  ULONG count = words[0];
  if (count > sizeof own) count = sizeof own;
#ifndef REPAIRED
  count = words[0];
#endif
  used = count;
  RtlCopyMemory(own, (PUCHAR)User + sizeof(ULONG), sizeof own - sizeof(ULONG));
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG length = DefectLength(Irp);
  UNREFERENCED_PARAMETER(Device);
  if (length < sizeof own) return DefectComplete(Irp, STATUS_INVALID_PARAMETER, 0);
  __try {
    Fetch(Irp->UserBuffer);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return DefectComplete(Irp, GetExceptionCode(), 0);
  }
  return DefectComplete(Irp, STATUS_SUCCESS, length);
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  PVOID input = stack->Parameters.DeviceIoControl.Type3InputBuffer;
  UNREFERENCED_PARAMETER(Device);
  switch (stack->Parameters.DeviceIoControl.IoControlCode & 3) {
    case METHOD_NEITHER:
      if (stack->Parameters.DeviceIoControl.InputBufferLength < sizeof own) break;
      __try {
        ProbeForRead(input, sizeof own, 1);
        Fetch(input);
      } __except (EXCEPTION_EXECUTE_HANDLER) {
        return DefectComplete(Irp, GetExceptionCode(), 0);
      }
      break;
    case METHOD_IN_DIRECT:
      if (DefectLength(Irp) < sizeof own) break;
      input = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
      if (input == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
      Fetch(input);
      break;
    default:
      return DefectAnswer(Irp);
  }
  return DefectComplete(Irp, STATUS_SUCCESS, 0);
}
