// A driver that makes requests itself, for devices of its own: every control code is one experiment
// and gives back words that say what happened.
#include <ntddk.h>

#define BUILDER_TAG 'dliB'

enum { ExpControl = 0x801, ExpTransfer, ExpMatrix, ExpFields, ExpAssociated, ExpOwnBuffer,
       ExpForward, ExpRoutineEx, ExpCompleteAgain, ExpOwnIrpToTop, ExpNoLocation, ExpFreeBuilt,
       ExpSkip, ExpFree };

// What the targets do, and what they saw last.
static struct {
  ULONG64 Status, Information, Pend, Fill, Cancel;
  ULONG64 Major, SystemBuffer, Mdl, UserBuffer, Flags, Mode, Length, First, Type3, InputLength;
} Target;
static PDEVICE_OBJECT Targets[3];

typedef struct EXTENSION {
  ULONG IsTarget;
  KTIMER Timer;
  KDPC Dpc;
  PIRP Irp;
} EXTENSION, *PEXTENSION;

static NTSTATUS Complete(PIRP irp, NTSTATUS status, ULONG_PTR information) {
  irp->IoStatus.Status = status;
  irp->IoStatus.Information = information;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return status;
}

// MARK: The targets

static KDEFERRED_ROUTINE FinishLater;
static void FinishLater(PKDPC dpc, PVOID context, PVOID a, PVOID b) {
  PEXTENSION extension = context;
  UNREFERENCED_PARAMETER(dpc);
  UNREFERENCED_PARAMETER(a);
  UNREFERENCED_PARAMETER(b);
  Complete(extension->Irp, (NTSTATUS)Target.Status, Target.Information);
}

static NTSTATUS TargetDispatch(PDEVICE_OBJECT device, PIRP irp) {
  PEXTENSION extension = device->DeviceExtension;
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  Target.Major = stack->MajorFunction;
  Target.SystemBuffer = (ULONG64)irp->AssociatedIrp.SystemBuffer;
  Target.Mdl = (ULONG64)irp->MdlAddress;
  Target.UserBuffer = (ULONG64)irp->UserBuffer;
  Target.Flags = irp->Flags;
  Target.Mode = (UCHAR)irp->RequestorMode;
  Target.Length = stack->Parameters.Read.Length;
  Target.InputLength = stack->Parameters.DeviceIoControl.InputBufferLength;
  Target.Type3 = (ULONG64)stack->Parameters.DeviceIoControl.Type3InputBuffer;
  PUCHAR data = irp->MdlAddress ? MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority)
                                : irp->AssociatedIrp.SystemBuffer;
  if (data == NULL && stack->MajorFunction <= IRP_MJ_WRITE) data = irp->UserBuffer;
  Target.First = data != NULL && Target.Length + Target.InputLength != 0 ? data[0] : 0;
  if (Target.Fill && data != NULL && stack->MajorFunction != IRP_MJ_WRITE)
    RtlFillMemory(data, Target.Length, (UCHAR)Target.Fill);
  if (Target.Cancel) irp->Cancel = TRUE;
  if (!Target.Pend) return Complete(irp, (NTSTATUS)Target.Status, Target.Information);
  LARGE_INTEGER due;
  due.QuadPart = -10000;
  IoMarkIrpPending(irp);
  extension->Irp = irp;
  KeSetTimer(&extension->Timer, due, &extension->Dpc);
  return STATUS_PENDING;
}

// MARK: Requests of the I/O manager's making

// in: target, code, input length, output length, internal, status, information, pend, fill, address
// of the output when it is to be a bad one
static NTSTATUS BuildControl(const ULONG64 *in, ULONG64 *out) {
  KEVENT event;
  IO_STATUS_BLOCK block = {{0x11111111}, 0x2222};
  PUCHAR input = in[2] ? ExAllocatePoolWithTag(NonPagedPoolNx, in[2], BUILDER_TAG) : NULL;
  PUCHAR output = in[3] ? ExAllocatePoolWithTag(NonPagedPoolNx, in[3] + 8, BUILDER_TAG) : NULL;
  if (input) RtlFillMemory(input, in[2], 0xA5);
  if (output) RtlFillMemory(output, in[3] + 8, 0x5A);
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  Target.Status = in[5], Target.Information = in[6], Target.Pend = in[7], Target.Fill = in[8];
  ULONG64 outputLength = in[3];
  PDEVICE_OBJECT target = Targets[in[0]];
  PIRP irp = IoBuildDeviceIoControlRequest((ULONG)in[1], target, input, (ULONG)in[2],
                                           in[9] ? (PVOID)in[9] : output,
                                           (ULONG)in[3], (BOOLEAN)in[4], &event, &block);
  RtlZeroMemory(out, 16 * 8);
  if (irp == NULL) {
    out[0] = 1;
  } else {
    PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);
    out[13] = next->MajorFunction;
    out[14] = irp->Tail.Overlay.Thread == PsGetCurrentThread();
    NTSTATUS status = IoCallDriver(target, irp);
    out[1] = (ULONG)status;
    if (status == STATUS_PENDING)
      KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    out[2] = (ULONG)block.Status;
    out[3] = block.Information;
    out[4] = KeReadStateEvent(&event);
    out[5] = Target.Major, out[6] = Target.SystemBuffer, out[7] = Target.Mdl;
    out[8] = Target.UserBuffer == (ULONG64)output, out[9] = Target.Flags, out[10] = Target.Mode;
    out[11] = Target.First;
    if (output) {
      ULONG64 changed = 0;
      for (ULONG i = 0; i < outputLength; i++) changed += output[i] == (UCHAR)Target.Fill;
      out[12] = changed;
      // What lies behind the buffer is untouched.
      for (ULONG i = 0; i < 8; i++) if (output[outputLength + i] != 0x5A) out[12] = ~0ull;
    }
    out[15] = Target.Type3 == (ULONG64)input && input != NULL;
  }
  if (input) ExFreePool(input);
  if (output) ExFreePool(output);
  return STATUS_SUCCESS;
}

static IO_COMPLETION_ROUTINE FreeAsynchronous;
static NTSTATUS FreeAsynchronous(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  UNREFERENCED_PARAMETER(device);
  if (irp->Flags & IRP_INPUT_OPERATION && NT_SUCCESS(irp->IoStatus.Status))
    RtlCopyMemory(irp->UserBuffer, irp->AssociatedIrp.SystemBuffer, irp->IoStatus.Information);
  *irp->UserIosb = irp->IoStatus;
  if (irp->Flags & IRP_DEALLOCATE_BUFFER) ExFreePool(irp->AssociatedIrp.SystemBuffer);
  while (irp->MdlAddress != NULL) {
    PMDL mdl = irp->MdlAddress;
    irp->MdlAddress = mdl->Next;
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
  }
  IoFreeIrp(irp);
  KeSetEvent(context, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

// in: target, function, length, synchronous, status, information, pend, fill
static NTSTATUS BuildTransfer(const ULONG64 *in, ULONG64 *out) {
  KEVENT event;
  LARGE_INTEGER offset;
  IO_STATUS_BLOCK block = {{0x11111111}, 0x2222};
  ULONG64 length = in[2];
  PUCHAR buffer = ExAllocatePoolWithTag(NonPagedPoolNx, length + 8, BUILDER_TAG);
  if (buffer == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  RtlFillMemory(buffer, length + 8, 0xA5);
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  offset.QuadPart = 0x1234;
  BOOLEAN synchronous = (BOOLEAN)in[3];
  PDEVICE_OBJECT target = Targets[in[0]];
  Target.Status = in[4], Target.Information = in[5], Target.Pend = in[6], Target.Fill = in[7];
  PIRP irp = synchronous ? IoBuildSynchronousFsdRequest((ULONG)in[1], target, buffer, (ULONG)length,
                                                        &offset, &event, &block)
                         : IoBuildAsynchronousFsdRequest((ULONG)in[1], target, buffer, (ULONG)length,
                                                         &offset, &block);
  RtlZeroMemory(out, 16 * 8);
  if (irp == NULL) {
    out[0] = 1;
  } else {
    out[13] = !IsListEmpty(&irp->ThreadListEntry);
    out[14] = irp->Tail.Overlay.Thread == PsGetCurrentThread();
    if (!synchronous) IoSetCompletionRoutine(irp, FreeAsynchronous, &event, TRUE, TRUE, TRUE);
    NTSTATUS status = IoCallDriver(target, irp);
    out[1] = (ULONG)status;
    if (status == STATUS_PENDING || !synchronous)
      KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    out[2] = (ULONG)block.Status;
    out[3] = block.Information;
    out[4] = KeReadStateEvent(&event);
    out[5] = Target.Major, out[6] = Target.SystemBuffer, out[7] = Target.Mdl;
    out[8] = Target.UserBuffer == (ULONG64)buffer, out[9] = Target.Flags, out[10] = Target.Mode;
    out[11] = Target.First;
    for (ULONG i = 0; i < length; i++) out[12] += buffer[i] == (UCHAR)Target.Fill;
    for (ULONG i = 0; i < 8; i++) if (buffer[length + i] != 0xA5) out[12] = ~0ull;
  }
  ExFreePool(buffer);
  return STATUS_SUCCESS;
}

// MARK: Requests of our own

static ULONG64 Ran;
static IO_COMPLETION_ROUTINE Inner, Outer;
static NTSTATUS Inner(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  UNREFERENCED_PARAMETER(device);
  UNREFERENCED_PARAMETER(irp);
  Ran |= 1ull << (ULONG_PTR)context;
  return STATUS_SUCCESS;
}
static NTSTATUS Outer(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  UNREFERENCED_PARAMETER(irp);
  if (device != NULL) Ran |= 1ull << 32;  // a driver's own request has no device at the top
  if (context) KeSetEvent(context, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

// in: status, cancelled; out: a bit for each of the eight sets of flags whose routine ran
static NTSTATUS Matrix(const ULONG64 *in, ULONG64 *out) {
  Target.Status = in[0], Target.Information = 0, Target.Pend = 0, Target.Fill = 0;
  Target.Cancel = in[1];
  Ran = 0;
  for (ULONG flags = 0; flags < 8; flags++) {
    PIRP irp = IoAllocateIrp(3, FALSE);
    if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    IoSetCompletionRoutine(irp, Outer, NULL, TRUE, TRUE, TRUE);
    IoSetNextIrpStackLocation(irp);
    IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
    IoSetCompletionRoutine(irp, Inner, (PVOID)(ULONG_PTR)flags, flags & 1, flags & 2, flags & 4);
    IoCallDriver(Targets[0], irp);
    IoFreeIrp(irp);
  }
  Target.Cancel = 0;
  out[0] = Ran;
  return STATUS_SUCCESS;
}

// in: stack size; out: what a new request looks like, and one used again
static NTSTATUS Fields(const ULONG64 *in, ULONG64 *out) {
  CCHAR size = (CCHAR)in[0];
  PIRP irp = IoAllocateIrp(size, FALSE);
  RtlZeroMemory(out, 16 * 8);
  if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  out[0] = (ULONG64)irp->Type, out[1] = irp->Size, out[2] = (ULONG64)irp->StackCount;
  out[3] = (ULONG64)irp->CurrentLocation;
  out[4] = (PUCHAR)irp->Tail.Overlay.CurrentStackLocation - (PUCHAR)irp;
  UCHAR any = 0;
  for (PUCHAR p = (PUCHAR)&irp->MdlAddress; p < (PUCHAR)&irp->ThreadListEntry; p++) any |= *p;
  for (PUCHAR p = (PUCHAR)&irp->IoStatus; p < (PUCHAR)&irp->StackCount; p++) any |= *p;
  for (PUCHAR p = (PUCHAR)(irp + 1); p < (PUCHAR)irp + irp->Size; p++) any |= *p;
  out[5] = any;
  out[6] = IoSizeOfIrp(size);
  UCHAR allocation = irp->AllocationFlags;
  irp->Cancel = TRUE, irp->Flags = 0xFFFF, irp->UserBuffer = irp;
  IoSetNextIrpStackLocation(irp);
  IoReuseIrp(irp, STATUS_NOT_SUPPORTED);
  out[7] = (ULONG64)irp->CurrentLocation, out[8] = (ULONG)irp->IoStatus.Status;
  out[9] = irp->Cancel | irp->Flags | (ULONG64)irp->UserBuffer;
  out[10] = irp->AllocationFlags == allocation;
  IoFreeIrp(irp);
  return STATUS_SUCCESS;
}

// in: pend; the current request is the master and completes with its last part
static NTSTATUS Associated(PIRP master, const ULONG64 *in) {
  PIRP parts[3];
  Target.Status = STATUS_SUCCESS, Target.Information = 0, Target.Pend = 0, Target.Fill = 0;
  ULONG64 pend = in[0];
  for (int i = 0; i < 3; i++) {
    parts[i] = IoMakeAssociatedIrp(master, Targets[i]->StackSize);
    if (parts[i] == NULL) return Complete(master, STATUS_INSUFFICIENT_RESOURCES, 0);
    IoGetNextIrpStackLocation(parts[i])->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
  }
  IoMarkIrpPending(master);
  master->IoStatus.Status = STATUS_SUCCESS;
  master->IoStatus.Information = 0;
  master->Flags &= ~(IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER);
  ExFreePool(master->AssociatedIrp.SystemBuffer);
  master->AssociatedIrp.IrpCount = 3;
  for (int i = 0; i < 3; i++) {
    Target.Pend = pend && i == 1;
    IoCallDriver(Targets[i], parts[i]);
  }
  return STATUS_PENDING;
}

// A request of the I/O manager whose buffer is the driver's: it is not freed.
static NTSTATUS OwnBuffer(ULONG64 *out) {
  KEVENT event;
  IO_STATUS_BLOCK block;
  UCHAR result[16] = {0};
  PUCHAR own = ExAllocatePoolWithTag(NonPagedPoolNx, 16, BUILDER_TAG);
  if (own == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  Target.Status = STATUS_SUCCESS, Target.Information = 16, Target.Pend = 0, Target.Fill = 0x77;
  PIRP irp = IoBuildDeviceIoControlRequest(CTL_CODE(0x8000, 0x900, METHOD_BUFFERED, 0), Targets[0],
                                           NULL, 0, result, 16, FALSE, &event, &block);
  if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  ExFreePool(irp->AssociatedIrp.SystemBuffer);
  irp->AssociatedIrp.SystemBuffer = own;
  irp->Flags &= ~IRP_DEALLOCATE_BUFFER;
  IoCallDriver(Targets[0], irp);
  KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
  out[0] = own[0];
  out[1] = result[15];
  ExFreePoolWithTag(own, BUILDER_TAG);
  return STATUS_SUCCESS;
}

static IO_COMPLETION_ROUTINE Stop;
static NTSTATUS Stop(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  UNREFERENCED_PARAMETER(device);
  UNREFERENCED_PARAMETER(irp);
  ++*(ULONG64 *)context;
  return STATUS_MORE_PROCESSING_REQUIRED;
}

// The completion routine takes the request back; a second completion ends it.
static NTSTATUS CompleteAgain(ULONG64 *out) {
  KEVENT event;
  IO_STATUS_BLOCK block = {{0x11111111}, 0x2222};
  UCHAR result[16] = {0};
  ULONG64 stopped = 0;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  Target.Status = STATUS_SUCCESS, Target.Information = 16, Target.Pend = 0, Target.Fill = 0x77;
  PIRP irp = IoBuildDeviceIoControlRequest(CTL_CODE(0x8000, 0x900, METHOD_BUFFERED, 0), Targets[0],
                                           NULL, 0, result, 16, FALSE, &event, &block);
  if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  IoSetCompletionRoutine(irp, Stop, &stopped, TRUE, TRUE, TRUE);
  IoCallDriver(Targets[0], irp);
  out[0] = stopped;
  out[1] = result[0];
  out[2] = *(PUCHAR)irp->AssociatedIrp.SystemBuffer;
  out[3] = KeReadStateEvent(&event);
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
  out[4] = result[15];
  out[5] = block.Information;
  return STATUS_SUCCESS;
}

static IO_COMPLETION_ROUTINE CountEx;
static NTSTATUS CountEx(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  UNREFERENCED_PARAMETER(device);
  ++*(ULONG64 *)context;
  if (irp->PendingReturned) IoMarkIrpPending(irp);
  return STATUS_SUCCESS;
}

static ULONG64 ExCount;

static NTSTATUS Experiment(PDEVICE_OBJECT device, PIRP irp, ULONG function) {
  ULONG64 in[16] = {0}, out[16] = {0};
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
  ULONG room = stack->Parameters.DeviceIoControl.OutputBufferLength;
  NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
  if (length != 0) RtlCopyMemory(in, irp->AssociatedIrp.SystemBuffer, length < 128 ? length : 128);
  switch (function) {
    case ExpControl: status = BuildControl(in, out); break;
    case ExpTransfer: status = BuildTransfer(in, out); break;
    case ExpMatrix: status = Matrix(in, out); break;
    case ExpFields: status = Fields(in, out); break;
    case ExpAssociated: return Associated(irp, in);
    case ExpOwnBuffer: status = OwnBuffer(out); break;
    case ExpCompleteAgain: status = CompleteAgain(out); break;
    case ExpForward:
      // Down and back again: the request is ours once more.
      Target.Status = in[0], Target.Information = 5, Target.Pend = in[1], Target.Fill = 0;
      out[0] = IoForwardIrpSynchronously(Targets[0], irp);
      out[1] = (ULONG)irp->IoStatus.Status;
      out[2] = irp->IoStatus.Information;
      status = STATUS_SUCCESS;
      break;
    case ExpRoutineEx:
      Target.Status = STATUS_SUCCESS, Target.Information = 0, Target.Pend = in[0], Target.Fill = 0;
      IoCopyCurrentIrpStackLocationToNext(irp);
      status = IoSetCompletionRoutineEx(device, irp, CountEx, &ExCount, TRUE, TRUE, TRUE);
      if (!NT_SUCCESS(status)) break;
      return IoCallDriver(Targets[0], irp);
    case ExpSkip: {
      out[0] = ExCount;
      status = STATUS_SUCCESS;
      break;
    }
    case ExpOwnIrpToTop: {
      PIRP own = IoAllocateIrp(1, FALSE);
      IoGetNextIrpStackLocation(own)->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
      Target.Status = STATUS_SUCCESS, Target.Pend = 0;
      status = IoCallDriver(Targets[0], own);
      break;
    }
    case ExpNoLocation: {
      PIRP own = IoAllocateIrp(1, FALSE);
      IoSetNextIrpStackLocation(own);
      status = IoCallDriver(Targets[0], own);
      break;
    }
    case ExpFreeBuilt: {
      PIRP built = IoBuildSynchronousFsdRequest(IRP_MJ_FLUSH_BUFFERS, Targets[0], NULL, 0, NULL, NULL,
                                                &irp->IoStatus);
      IoFreeIrp(built);
      status = STATUS_SUCCESS;
      break;
    }
    case ExpFree: {
      PIRP own = IoAllocateIrp(1, FALSE);
      IoFreeIrp(own);
      IoFreeIrp(own);
      status = STATUS_SUCCESS;
      break;
    }
  }
  if (room != 0) RtlCopyMemory(irp->AssociatedIrp.SystemBuffer, out, room < 128 ? room : 128);
  return Complete(irp, status, NT_SUCCESS(status) ? (room < 128 ? room : 128) : 0);
}

static DRIVER_DISPATCH Dispatch;
static NTSTATUS Dispatch(PDEVICE_OBJECT device, PIRP irp) {
  PEXTENSION extension = device->DeviceExtension;
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  if (extension->IsTarget) return TargetDispatch(device, irp);
  if (stack->MajorFunction == IRP_MJ_DEVICE_CONTROL)
    return Experiment(device, irp, stack->Parameters.DeviceIoControl.IoControlCode >> 2 & 0xFFF);
  return Complete(irp, STATUS_SUCCESS, 0);
}

static DRIVER_UNLOAD Unload;
static void Unload(PDRIVER_OBJECT driver) {
  while (driver->DeviceObject != NULL) IoDeleteDevice(driver->DeviceObject);
}

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  static const ULONG flags[3] = {DO_BUFFERED_IO, DO_DIRECT_IO, 0};
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Builder");
  PDEVICE_OBJECT device;
  UNREFERENCED_PARAMETER(path);
  NTSTATUS status = IoCreateDevice(driver, sizeof(EXTENSION), &name, 0x8000, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  // Room for a target below each request.
  device->StackSize = 2;
  for (int i = 0; i < 3; i++) {
    status = IoCreateDevice(driver, sizeof(EXTENSION), NULL, 0x8000, 0, FALSE, &Targets[i]);
    if (!NT_SUCCESS(status)) return status;
    PEXTENSION extension = Targets[i]->DeviceExtension;
    extension->IsTarget = 1;
    KeInitializeTimer(&extension->Timer);
    KeInitializeDpc(&extension->Dpc, FinishLater, extension);
    Targets[i]->Flags |= flags[i];
  }
  for (int i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) driver->MajorFunction[i] = Dispatch;
  driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
