// A driver for tests of the I/O manager: it notes what it sees of a request and does with it what the
// test planned. Tests talk to it with the codes below; every other request is a subject.
#include <ntddk.h>

NTKERNELAPI ULONG NTAPI IoGetRequestorProcessId(PIRP irp);

#define BENCH_TAG 'hcnB'
#define BENCH_CODE(n) CTL_CODE(0x8000, (n), METHOD_BUFFERED, FILE_ANY_ACCESS)

enum { CodePlan = 0x801, CodeSeen, CodeComplete, CodePeek, CodePoke, CodeAttach, CodeLog, CodeCreate,
       CodeDelete, CodePeekOld };

// What to do with the next subjects: words that the test sends.
enum { PlanAction, PlanStatus, PlanInformation, PlanFillCount, PlanFillByte, PlanOptions, PlanWords };
enum Action {
  ActComplete, ActKeep, ActCompleteAndPend, ActMarkAndSucceed, ActTwice, ActWithCancelRoutine,
  ActForget, ActCompletePending, ActFreePool, ActMarkCompletePend, ActKeepUnmarked, ActFreeTwice,
};
enum Option { OptCancelable = 1, OptFillSystemBuffer = 2, OptTouchUser = 4, OptInvert = 8 };

// What the filter does with each request.
enum { FilterSkip, FilterCopy, FilterPropagate, FilterForgetPending, FilterHold };

// What the last subject looked like.
enum { SeenCount, SeenMajor, SeenCode, SeenSystemBuffer, SeenMdl, SeenMdlFlags, SeenMdlBytes,
       SeenUserBuffer, SeenType3, SeenLength, SeenInputLength, SeenFlags, SeenMode, SeenIrql, SeenThread,
       SeenProcess, SeenIrp, SeenStackCount, SeenLocation, SeenStackFlags, SeenOffset, SeenFile,
       SeenFilterBuffer, SeenFilterUser, SeenFilterCount, SeenPendingReturned, SeenBytes,
       SeenWords = SeenBytes + 8 };

typedef struct EXTENSION {
  ULONG IsFilter;
  ULONG Mode;
  PDEVICE_OBJECT Lower;
} EXTENSION, *PEXTENSION;

static struct {
  KSPIN_LOCK Lock;
  ULONG64 Plan[PlanWords];
  ULONG64 Seen[SeenWords];
  PIRP Kept[16];
  PIRP Held;
  PVOID OldBuffer;
  ULONG64 Log[512];
  ULONG LogCount;
} Bench;

static void Log(ULONG kind, ULONG64 value) {
  ULONG index = InterlockedIncrement((LONG *)&Bench.LogCount) - 1;
  if (index < 512) Bench.Log[index] = (ULONG64)kind << 48 | (value & 0xFFFFFFFFFFFFull);
}

static NTSTATUS Complete(PIRP irp, NTSTATUS status, ULONG_PTR information) {
  irp->IoStatus.Status = status;
  irp->IoStatus.Information = information;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return status;
}

// MARK: Requests that are kept

// Under the lock.
static void Keep(PIRP irp) {
  for (int i = 0; i < 16; i++)
    if (Bench.Kept[i] == NULL) {
      Bench.Kept[i] = irp;
      return;
    }
}

// Under the lock.
static void Forget(PIRP irp) {
  for (int i = 0; i < 16; i++)
    if (Bench.Kept[i] == irp) {
      for (int j = i; j < 15; j++) Bench.Kept[j] = Bench.Kept[j + 1];
      Bench.Kept[15] = NULL;
      return;
    }
}

// The oldest kept request that is not being cancelled, or a certain one; it is not kept any more.
static PIRP Take(PIRP wanted) {
  KIRQL old;
  PIRP found = NULL;
  KeAcquireSpinLock(&Bench.Lock, &old);
  for (int i = 0; i < 16; i++)
    if (Bench.Kept[i] != NULL && (wanted == NULL || wanted == Bench.Kept[i])) {
      // One that had a cancel routine and has none belongs to that routine, which waits for the lock.
      if (wanted == NULL && Bench.Kept[i]->Tail.Overlay.DriverContext[0] != NULL &&
          IoSetCancelRoutine(Bench.Kept[i], NULL) == NULL)
        continue;
      found = Bench.Kept[i];
      Forget(found);
      break;
    }
  KeReleaseSpinLock(&Bench.Lock, old);
  return found;
}

static DRIVER_CANCEL CancelKept;
static void CancelKept(PDEVICE_OBJECT device, PIRP irp) {
  UNREFERENCED_PARAMETER(device);
  Log(7, KeGetCurrentIrql());
  IoReleaseCancelSpinLock(irp->CancelIrql);
  Take(irp);
  Complete(irp, STATUS_CANCELLED, 0);
}

static DRIVER_CANCEL NeverCalled;
static void NeverCalled(PDEVICE_OBJECT device, PIRP irp) {
  UNREFERENCED_PARAMETER(device);
  IoReleaseCancelSpinLock(irp->CancelIrql);
}

static NTSTATUS KeepPending(PIRP irp, BOOLEAN mark) {
  if (mark) IoMarkIrpPending(irp);
  BOOLEAN cancelable = (Bench.Plan[PlanOptions] & OptCancelable) != 0;
  irp->Tail.Overlay.DriverContext[0] = cancelable ? irp : NULL;
  KIRQL old;
  KeAcquireSpinLock(&Bench.Lock, &old);
  Keep(irp);
  if (cancelable) {
    IoSetCancelRoutine(irp, CancelKept);
    // Cancelled before it could be: nobody else will.
    if (irp->Cancel && IoSetCancelRoutine(irp, NULL) != NULL) {
      Forget(irp);
      KeReleaseSpinLock(&Bench.Lock, old);
      Complete(irp, STATUS_CANCELLED, 0);
      return STATUS_PENDING;
    }
  }
  KeReleaseSpinLock(&Bench.Lock, old);
  return STATUS_PENDING;
}

// MARK: The subject

static PUCHAR DataOf(PIRP irp) {
  if (irp->MdlAddress != NULL && !(Bench.Plan[PlanOptions] & OptFillSystemBuffer))
    return MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority);
  return irp->AssociatedIrp.SystemBuffer;
}

static void See(PIRP irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  ULONG64 *seen = Bench.Seen;
  seen[SeenCount]++;
  seen[SeenMajor] = stack->MajorFunction;
  seen[SeenSystemBuffer] = (ULONG64)irp->AssociatedIrp.SystemBuffer;
  seen[SeenMdl] = (ULONG64)irp->MdlAddress;
  seen[SeenMdlFlags] = irp->MdlAddress ? irp->MdlAddress->MdlFlags : 0;
  seen[SeenMdlBytes] = irp->MdlAddress ? MmGetMdlByteCount(irp->MdlAddress) : 0;
  seen[SeenUserBuffer] = (ULONG64)irp->UserBuffer;
  seen[SeenFlags] = irp->Flags;
  seen[SeenMode] = (UCHAR)irp->RequestorMode;
  seen[SeenIrql] = KeGetCurrentIrql();
  seen[SeenThread] = (ULONG64)KeGetCurrentThread();
  seen[SeenProcess] = IoGetRequestorProcessId(irp);
  seen[SeenIrp] = (ULONG64)irp;
  seen[SeenStackCount] = irp->StackCount;
  seen[SeenLocation] = irp->CurrentLocation;
  seen[SeenStackFlags] = stack->Flags;
  seen[SeenFile] = (ULONG64)stack->FileObject;
  seen[SeenPendingReturned] = irp->PendingReturned;
  ULONG count = 0;
  if (stack->MajorFunction == IRP_MJ_READ || stack->MajorFunction == IRP_MJ_WRITE) {
    seen[SeenCode] = seen[SeenType3] = seen[SeenInputLength] = 0;
    seen[SeenLength] = stack->Parameters.Read.Length;
    seen[SeenOffset] = stack->Parameters.Read.ByteOffset.QuadPart;
    if (stack->MajorFunction == IRP_MJ_WRITE) count = stack->Parameters.Read.Length;
  } else {
    seen[SeenCode] = stack->Parameters.DeviceIoControl.IoControlCode;
    seen[SeenType3] = (ULONG64)stack->Parameters.DeviceIoControl.Type3InputBuffer;
    seen[SeenLength] = stack->Parameters.DeviceIoControl.OutputBufferLength;
    seen[SeenInputLength] = count = stack->Parameters.DeviceIoControl.InputBufferLength;
  }
  RtlZeroMemory(&seen[SeenBytes], 64);
  if (irp->AssociatedIrp.SystemBuffer != NULL)
    RtlCopyMemory(&seen[SeenBytes], irp->AssociatedIrp.SystemBuffer, count < 64 ? count : 64);
}

static NTSTATUS TouchUser(PIRP irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  ULONG length = stack->MajorFunction <= IRP_MJ_WRITE
                     ? stack->Parameters.Read.Length
                     : stack->Parameters.DeviceIoControl.OutputBufferLength;
  __try {
    ProbeForWrite(irp->UserBuffer, length, 1);
    RtlFillMemory(irp->UserBuffer, length, (UCHAR)Bench.Plan[PlanFillByte]);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return GetExceptionCode();
  }
  return STATUS_SUCCESS;
}

static NTSTATUS Work(PIRP irp) {
  See(irp);
  NTSTATUS status = (NTSTATUS)Bench.Plan[PlanStatus];
  ULONG_PTR information = Bench.Plan[PlanInformation];
  PUCHAR data = DataOf(irp);
  if (Bench.Plan[PlanOptions] & OptTouchUser) {
    status = TouchUser(irp);
    if (!NT_SUCCESS(status)) return Complete(irp, status, 0);
  } else if (data != NULL) {
    if (Bench.Plan[PlanOptions] & OptInvert)
      for (ULONG i = 0; i < Bench.Plan[PlanFillCount]; i++) data[i] = ~data[i];
    else
      RtlFillMemory(data, Bench.Plan[PlanFillCount], (UCHAR)Bench.Plan[PlanFillByte]);
  }
  Bench.OldBuffer = irp->AssociatedIrp.SystemBuffer;
  switch ((enum Action)Bench.Plan[PlanAction]) {
    case ActComplete: return Complete(irp, status, information);
    case ActKeep: return KeepPending(irp, TRUE);
    case ActKeepUnmarked: return KeepPending(irp, FALSE);
    case ActCompleteAndPend: Complete(irp, status, information); return STATUS_PENDING;
    case ActMarkAndSucceed: IoMarkIrpPending(irp); return Complete(irp, status, information);
    case ActMarkCompletePend:
      IoMarkIrpPending(irp);
      Complete(irp, status, information);
      return STATUS_PENDING;
    case ActTwice: Complete(irp, status, information); return Complete(irp, status, information);
    case ActWithCancelRoutine:
      IoSetCancelRoutine(irp, NeverCalled);
      return Complete(irp, status, information);
    case ActForget: return STATUS_SUCCESS;
    case ActCompletePending: return Complete(irp, STATUS_PENDING, information);
    case ActFreePool: ExFreePool(irp); return STATUS_SUCCESS;
    case ActFreeTwice: IoFreeIrp(irp); return STATUS_SUCCESS;
  }
  return Complete(irp, STATUS_INVALID_PARAMETER, 0);
}

// MARK: What tests ask for

// in: status, information, fill count, fill byte, level, options
static NTSTATUS CompleteKept(const ULONG64 *in) {
  PIRP irp = Take(NULL);
  if (irp == NULL) return STATUS_NOT_FOUND;
  KIRQL old = KeGetCurrentIrql();
  NTSTATUS status = (NTSTATUS)in[0];
  if (in[5] & OptTouchUser) {
    status = TouchUser(irp);
    Complete(irp, status, 0);
    return STATUS_SUCCESS;
  }
  PUCHAR data = DataOf(irp);
  if (in[4] > old) KeRaiseIrql((KIRQL)in[4], &old);
  if (data != NULL) RtlFillMemory(data, in[2], (UCHAR)in[3]);
  Log(1, KeGetCurrentIrql());
  Complete(irp, status, in[1]);
  Log(2, KeGetCurrentIrql());
  if (KeGetCurrentIrql() > old) KeLowerIrql(old);
  return STATUS_SUCCESS;
}

// in: kind of filter, flags to set, whether to copy the flags of the device below
static NTSTATUS Attach(PDEVICE_OBJECT below, const ULONG64 *in) {
  PDEVICE_OBJECT device;
  NTSTATUS status = IoCreateDevice(below->DriverObject, sizeof(EXTENSION), NULL, below->DeviceType, 0,
                                   FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  PEXTENSION extension = device->DeviceExtension;
  extension->IsFilter = 1;
  extension->Mode = (ULONG)in[0];
  device->Flags |= (ULONG)in[1];
  if (in[2]) device->Flags |= below->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO);
  extension->Lower = IoAttachDeviceToDeviceStack(device, below);
  if (extension->Lower == NULL) {
    IoDeleteDevice(device);
    return STATUS_NO_SUCH_DEVICE;
  }
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

// in: flags, characteristics, exclusive, whether initialized, then the name
static NTSTATUS Create(PDRIVER_OBJECT driver, const ULONG64 *in, ULONG count, ULONG64 *out) {
  PDEVICE_OBJECT device;
  UNICODE_STRING name;
  name.Buffer = (PWSTR)(in + 4);
  name.Length = name.MaximumLength = (USHORT)(count - 32);
  NTSTATUS status = IoCreateDevice(driver, sizeof(EXTENSION), &name, 0x8000, (ULONG)in[1],
                                   (BOOLEAN)in[2], &device);
  if (!NT_SUCCESS(status)) return status;
  ULONG64 initialized = in[3], flags = in[0];
  out[0] = device->Flags;
  out[1] = (ULONG64)device->StackSize;
  out[2] = device->AlignmentRequirement;
  out[3] = 0;
  for (ULONG i = 0; i < sizeof(EXTENSION); i++) out[3] |= ((PUCHAR)device->DeviceExtension)[i];
  device->Flags |= (ULONG)flags;
  if (initialized) device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp, ULONG function) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  ULONG in = stack->Parameters.DeviceIoControl.InputBufferLength;
  ULONG out = stack->Parameters.DeviceIoControl.OutputBufferLength;
  ULONG64 *words = irp->AssociatedIrp.SystemBuffer;
  PIRP kept = Bench.Kept[0];
  ULONG count = 0;
  switch (function) {
    case CodePlan:
      if (in < PlanWords * 8) return Complete(irp, STATUS_BUFFER_TOO_SMALL, 0);
      RtlCopyMemory(Bench.Plan, words, PlanWords * 8);
      return Complete(irp, STATUS_SUCCESS, 0);
    case CodeSeen:
      if (out < SeenWords * 8) return Complete(irp, STATUS_BUFFER_TOO_SMALL, 0);
      RtlCopyMemory(words, Bench.Seen, SeenWords * 8);
      return Complete(irp, STATUS_SUCCESS, SeenWords * 8);
    case CodeComplete: return Complete(irp, CompleteKept(words), 0);
    case CodePeek:
      if (kept == NULL) return Complete(irp, STATUS_NOT_FOUND, 0);
      RtlCopyMemory(words, DataOf(kept), out);
      return Complete(irp, STATUS_SUCCESS, out);
    case CodePoke:
      if (kept == NULL) return Complete(irp, STATUS_NOT_FOUND, 0);
      RtlCopyMemory(DataOf(kept), words, in);
      return Complete(irp, STATUS_SUCCESS, 0);
    case CodeAttach: return Complete(irp, Attach(device, words), 0);
    case CodeLog:
      count = Bench.LogCount < out / 8 ? Bench.LogCount : out / 8;
      RtlCopyMemory(words, Bench.Log, count * 8);
      return Complete(irp, STATUS_SUCCESS, count * 8);
    case CodeCreate:
      if (out < 32 || in < 32) return Complete(irp, STATUS_BUFFER_TOO_SMALL, 0);
      return Complete(irp, Create(device->DriverObject, words, in, words), 32);
    case CodeDelete: {
      // in: address of the device below which the filter is, or 0 for this device
      PDEVICE_OBJECT top = device->AttachedDevice;
      if (top != NULL) {
        IoDetachDevice(device);
        IoDeleteDevice(top);
      } else {
        IoDeleteDevice(device);
      }
      return Complete(irp, STATUS_SUCCESS, 0);
    }
    case CodePeekOld:
      words[0] = *(volatile UCHAR *)Bench.OldBuffer;
      return Complete(irp, STATUS_SUCCESS, 8);
  }
  return Work(irp);
}

// MARK: The filter

static IO_COMPLETION_ROUTINE FilterDone;
static NTSTATUS FilterDone(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  PEXTENSION extension = device->DeviceExtension;
  UNREFERENCED_PARAMETER(context);
  Log(5, irp->PendingReturned);
  if (extension->Mode == FilterHold) {
    Bench.Held = irp;
    return STATUS_MORE_PROCESSING_REQUIRED;
  }
  if (extension->Mode == FilterPropagate && irp->PendingReturned) IoMarkIrpPending(irp);
  return STATUS_SUCCESS;
}

static NTSTATUS Filter(PDEVICE_OBJECT device, PIRP irp) {
  PEXTENSION extension = device->DeviceExtension;
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  BOOLEAN isSubject = stack->MajorFunction == IRP_MJ_READ || stack->MajorFunction == IRP_MJ_WRITE ||
                      (stack->MajorFunction == IRP_MJ_DEVICE_CONTROL &&
                       (stack->Parameters.DeviceIoControl.IoControlCode >> 2 & 0xFFF) >= 0x900);
  if (!isSubject && extension->Mode != FilterSkip) {
    ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
    if (stack->MajorFunction == IRP_MJ_DEVICE_CONTROL && code == BENCH_CODE(0x8FF)) {
      // Goes on with the held request, then with this one.
      PIRP held = Bench.Held;
      Bench.Held = NULL;
      if (held != NULL) IoCompleteRequest(held, IO_NO_INCREMENT);
      return Complete(irp, held ? STATUS_SUCCESS : STATUS_NOT_FOUND, 0);
    }
  }
  if (isSubject) {
    Bench.Seen[SeenFilterBuffer] = (ULONG64)irp->AssociatedIrp.SystemBuffer;
    Bench.Seen[SeenFilterUser] = (ULONG64)irp->UserBuffer;
    Bench.Seen[SeenFilterCount]++;
  }
  if (!isSubject || extension->Mode == FilterSkip) {
    IoSkipCurrentIrpStackLocation(irp);
    return IoCallDriver(extension->Lower, irp);
  }
  IoCopyCurrentIrpStackLocationToNext(irp);
  if (extension->Mode == FilterHold) IoMarkIrpPending(irp);
  if (extension->Mode != FilterCopy)
    IoSetCompletionRoutine(irp, FilterDone, NULL, TRUE, TRUE, TRUE);
  NTSTATUS status = IoCallDriver(extension->Lower, irp);
  return extension->Mode == FilterHold ? STATUS_PENDING : status;
}

// MARK: In a stack of the device tree

static DRIVER_ADD_DEVICE AddDevice;
static NTSTATUS AddDevice(PDRIVER_OBJECT driver, PDEVICE_OBJECT physical) {
  PDEVICE_OBJECT device;
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\BenchInTree");
  NTSTATUS status = IoCreateDevice(driver, sizeof(EXTENSION), &name, 0x8000, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  PEXTENSION extension = device->DeviceExtension;
  extension->Lower = IoAttachDeviceToDeviceStack(device, physical);
  if (extension->Lower == NULL) {
    IoDeleteDevice(device);
    return STATUS_NO_SUCH_DEVICE;
  }
  device->Flags |= DO_BUFFERED_IO;
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static DRIVER_DISPATCH PassDown;
static NTSTATUS PassDown(PDEVICE_OBJECT device, PIRP irp) {
  PEXTENSION extension = device->DeviceExtension;
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  BOOLEAN isRemoved =
      stack->MajorFunction == IRP_MJ_PNP && stack->MinorFunction == IRP_MN_REMOVE_DEVICE;
  PDEVICE_OBJECT lower = extension->Lower;
  if (lower == NULL) return Complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  IoSkipCurrentIrpStackLocation(irp);
  NTSTATUS status = IoCallDriver(lower, irp);
  if (isRemoved) {
    IoDetachDevice(lower);
    IoDeleteDevice(device);
  }
  return status;
}

// MARK: Dispatch

static DRIVER_DISPATCH Dispatch;
static NTSTATUS Dispatch(PDEVICE_OBJECT device, PIRP irp) {
  PEXTENSION extension = device->DeviceExtension;
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  if (extension->IsFilter) return Filter(device, irp);
  switch (stack->MajorFunction) {
    case IRP_MJ_CREATE:
    case IRP_MJ_CLOSE:
      Log(stack->MajorFunction == IRP_MJ_CREATE ? 3 : 6, (ULONG64)stack->FileObject);
      return Complete(irp, STATUS_SUCCESS, 0);
    case IRP_MJ_CLEANUP: {
      // The requests of this file go with its last handle.
      Log(4, (ULONG64)stack->FileObject);
      PFILE_OBJECT file = stack->FileObject;
      for (;;) {
        KIRQL old;
        PIRP found = NULL;
        KeAcquireSpinLock(&Bench.Lock, &old);
        for (int i = 0; i < 16 && found == NULL; i++) {
          PIRP kept = Bench.Kept[i];
          if (kept != NULL && IoGetCurrentIrpStackLocation(kept)->FileObject == file &&
              IoSetCancelRoutine(kept, NULL) != NULL)
            found = kept;
        }
        if (found != NULL) Forget(found);
        KeReleaseSpinLock(&Bench.Lock, old);
        if (found == NULL) break;
        Log(8, (ULONG64)file);
        Complete(found, STATUS_CANCELLED, 0);
      }
      return Complete(irp, STATUS_SUCCESS, 0);
    }
    case IRP_MJ_DEVICE_CONTROL: {
      ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
      ULONG function = code >> 2 & 0xFFF;
      if (code == BENCH_CODE(function) && function >= CodePlan && function <= CodePeekOld)
        return Control(device, irp, function);
      return Work(irp);
    }
  }
  return Work(irp);
}

static DRIVER_UNLOAD Unload;
static void Unload(PDRIVER_OBJECT driver) {
  while (driver->DeviceObject != NULL) {
    PEXTENSION extension = driver->DeviceObject->DeviceExtension;
    if (extension->Lower != NULL) IoDetachDevice(extension->Lower);
    IoDeleteDevice(driver->DeviceObject);
  }
}

static NTSTATUS Make(PDRIVER_OBJECT driver, PCWSTR path, ULONG flags) {
  PDEVICE_OBJECT device;
  UNICODE_STRING name;
  RtlInitUnicodeString(&name, path);
  NTSTATUS status = IoCreateDevice(driver, sizeof(EXTENSION), &name, 0x8000, 0, FALSE, &device);
  if (NT_SUCCESS(status)) device->Flags |= flags;
  return status;
}

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  KeInitializeSpinLock(&Bench.Lock);
  NTSTATUS status = Make(driver, L"\\Device\\Bench", DO_BUFFERED_IO);
  if (NT_SUCCESS(status)) status = Make(driver, L"\\Device\\BenchDirect", DO_DIRECT_IO);
  if (NT_SUCCESS(status)) status = Make(driver, L"\\Device\\BenchNeither", 0);
  // What is not here is for the test of a missing dispatch routine.
  driver->MajorFunction[IRP_MJ_CREATE] = Dispatch;
  driver->MajorFunction[IRP_MJ_CLOSE] = Dispatch;
  driver->MajorFunction[IRP_MJ_CLEANUP] = Dispatch;
  driver->MajorFunction[IRP_MJ_READ] = Dispatch;
  driver->MajorFunction[IRP_MJ_WRITE] = Dispatch;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
  driver->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = Dispatch;
  driver->MajorFunction[IRP_MJ_PNP] = PassDown;
  driver->MajorFunction[IRP_MJ_POWER] = PassDown;
  driver->DriverExtension->AddDevice = AddDevice;
  driver->DriverUnload = Unload;
  return status;
}
