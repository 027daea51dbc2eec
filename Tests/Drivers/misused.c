// Breaks a rule on requests, remove locks or timers in the way that the control code says.
#define DEFECT_EXTENSION sizeof(Extension)
#define DEFECT_CONTROL
#include <ntddk.h>

typedef struct {
  IO_REMOVE_LOCK lock;
} Extension;

#include "Defects/defect.h"

static UCHAR NoDevice[sizeof(DEVICE_OBJECT)];

static VOID Expired(PEX_TIMER Timer, PVOID Context) {
  UNREFERENCED_PARAMETER(Timer);
  UNREFERENCED_PARAMETER(Context);
}

static VOID UseRequest(ULONG Number, PDEVICE_OBJECT Device) {
  IO_STATUS_BLOCK answer;
  KEVENT event;
  PIRP built, own = IoAllocateIrp(Device->StackSize, FALSE);
  UCHAR bytes[16];
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  if (own == NULL) return;
  IoGetNextIrpStackLocation(own)->MajorFunction = IRP_MJ_WRITE;
  switch (Number) {
    case 1:
      built = IoBuildDeviceIoControlRequest(0x222000, Device, NULL, 0, NULL, 0, FALSE, &event,
                                            &answer);
      if (built != NULL) IoFreeIrp(built);
      break;
    case 2:
      own->Type = 0;
      IoCallDriver(Device, own);
      break;
    case 3: IoCallDriver((PDEVICE_OBJECT)NoDevice, own); break;
    case 4: IoInitializeIrp(own, own->Size, Device->StackSize); break;
    case 5:
      built = IoBuildAsynchronousFsdRequest(IRP_MJ_WRITE, Device, bytes, sizeof bytes, NULL,
                                            &answer);
      if (built != NULL) IoReuseIrp(built, STATUS_SUCCESS);
      break;
    case 6:
      _disable();
      IoCallDriver(Device, own);
      _enable();
      break;
  }
  IoFreeIrp(own);
}

// A lock in memory that comes and goes: each is another lock.
static VOID UseTransientLocks(void) {
  for (int i = 0; i < 64; i++) {
    PIO_REMOVE_LOCK lock = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof *lock, DEFECT_TAG);
    if (lock == NULL) return;
    IoInitializeRemoveLock(lock, DEFECT_TAG, 0, 0);
    if (NT_SUCCESS(IoAcquireRemoveLock(lock, NULL))) IoReleaseRemoveLockAndWait(lock, NULL);
    ExFreePoolWithTag(lock, DEFECT_TAG);
  }
}

static VOID UseLock(ULONG Number, PIO_REMOVE_LOCK Lock, PVOID Tag) {
  IoInitializeRemoveLock(Lock, DEFECT_TAG, 0, 0);
  if (!NT_SUCCESS(IoAcquireRemoveLock(Lock, Tag))) return;
  switch (Number) {
    case 7: IoReleaseRemoveLockAndWait(Lock, Lock); break;
    case 8: IoInitializeRemoveLock(Lock, DEFECT_TAG, 0, 0); break;
    case 9:
      IoReleaseRemoveLock(Lock, Tag);
      IoReleaseRemoveLock(Lock, Tag);
      break;
    case 10:
      UseTransientLocks();
      IoAcquireRemoveLock(Lock, Lock);
      IoReleaseRemoveLock(Lock, Tag);
      IoReleaseRemoveLockAndWait(Lock, Lock);
      break;
  }
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG number = stack->Parameters.DeviceIoControl.IoControlCode >> 2 & 0xFF;
  Extension *extension = Device->DeviceExtension;
  if (number < 7) {
    UseRequest(number, Device);
  } else if (number < 11) {
    UseLock(number, &extension->lock, Irp);
  } else {
    PEX_TIMER timer = ExAllocateTimer(Expired, NULL, 0);
    ExSetTimer(timer, -600LL * 10000000, 0, NULL);
    if (number == 12) ExDeleteTimer(timer, TRUE, TRUE, NULL);
  }
  return DefectComplete(Irp, STATUS_SUCCESS, 0);
}
