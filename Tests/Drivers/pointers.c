// Uses what a program gives as METHOD_NEITHER input: the number in the control code says how.
#define DEFECT_CONTROL
#include "Defects/defect.h"

#define ROOM 32

// Probes ROOM bytes and copies as many as the program says.
static VOID CopyTooMuch(PVOID Input, ULONG Length) {
  PVOID block = ExAllocatePool2(POOL_FLAG_PAGED, ROOM, DEFECT_TAG);
  if (block == NULL) return;
  ProbeForRead(Input, ROOM, sizeof(UCHAR));
  RtlCopyMemory(block, Input, Length);
  ExFreePoolWithTag(block, DEFECT_TAG);
}

static VOID Read(PVOID Input, BOOLEAN IsProbed) {
  if (IsProbed) ProbeForRead(Input, sizeof(ULONG), sizeof(UCHAR));
  (VOID) * (volatile ULONG *)Input;
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  PVOID input = stack->Parameters.DeviceIoControl.Type3InputBuffer;
  ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
  NTSTATUS status = STATUS_SUCCESS;
  UNREFERENCED_PARAMETER(Device);
  __try {
    switch ((stack->Parameters.DeviceIoControl.IoControlCode >> 2) & 0xFF) {
      case 0: CopyTooMuch(input, length); break;
      case 1: Read(input, TRUE); break;
      case 2: Read(input, FALSE); break;
      case 3: ((VOID(*)(VOID))input)(); break;
    }
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    status = GetExceptionCode();
  }
  return DefectComplete(Irp, status, 0);
}
