// Notes what a program says of its buffers, reads METHOD_NEITHER input as far as the program says, and
// copies between addresses that lie in a buffer.
#define DEFECT_FLAGS DO_DIRECT_IO
#define DEFECT_CONTROL
#define DEFECT_READ
#define DEFECT_WRITE
#include "Defects/defect.h"

#define SEEN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define COPY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct {
  ULONG64 *What;
  ULONG64 *Where;
} COPIED, *PCOPIED;

// The last request, and how many there were.
static struct {
  ULONG64 Count;
  ULONG64 Input;
  ULONG64 InputLength;
  ULONG64 Output;
  ULONG64 OutputLength;
  ULONG64 BytesRead;
} Seen;

static NTSTATUS ReadAll(const volatile UCHAR *Input, ULONG Length) {
  __try {
    ProbeForRead((PVOID)Input, Length, sizeof(UCHAR));
    for (; Seen.BytesRead < Length; Seen.BytesRead++) (VOID) Input[Seen.BytesRead];
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return GetExceptionCode();
  }
  return STATUS_SUCCESS;
}

static NTSTATUS Copy(PCOPIED Copied) {
  __try {
    ProbeForRead(Copied->What, sizeof(ULONG64), sizeof(UCHAR));
    ProbeForWrite(Copied->Where, sizeof(ULONG64), sizeof(UCHAR));
    *Copied->Where = *Copied->What;
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return GetExceptionCode();
  }
  return STATUS_SUCCESS;
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
  ULONG in = stack->Parameters.DeviceIoControl.InputBufferLength;
  ULONG out = stack->Parameters.DeviceIoControl.OutputBufferLength;
  NTSTATUS status = STATUS_SUCCESS;
  UNREFERENCED_PARAMETER(Device);
  if (code == SEEN) {
    if (out < sizeof(Seen)) return DefectComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, &Seen, sizeof(Seen));
    return DefectComplete(Irp, STATUS_SUCCESS, sizeof(Seen));
  }
  if (code == COPY) {
    if (in < sizeof(COPIED)) return DefectComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    return DefectComplete(Irp, Copy(Irp->AssociatedIrp.SystemBuffer), 0);
  }
  Seen.Count++;
  Seen.Input = (ULONG64)stack->Parameters.DeviceIoControl.Type3InputBuffer;
  Seen.InputLength = in;
  Seen.Output = METHOD_FROM_CTL_CODE(code) == METHOD_NEITHER ? (ULONG64)Irp->UserBuffer : 0;
  Seen.OutputLength = out;
  Seen.BytesRead = 0;
  if (METHOD_FROM_CTL_CODE(code) == METHOD_NEITHER)
    status = ReadAll(stack->Parameters.DeviceIoControl.Type3InputBuffer, in);
  return DefectComplete(Irp, status, 0);
}

static NTSTATUS Transfer(PIRP Irp) {
  Seen.Count++;
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Transfer(Irp);
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Transfer(Irp);
}
