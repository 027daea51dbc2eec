// What the drivers have in common that call a routine at a level at which it may not be called.
//
// A driver defines, before it includes this, WRONG_LEVEL, and RIGHT_LEVEL when that is not PASSIVE_LEVEL;
// and after it DefectCall, which calls the routine and undoes what that did.
#pragma once
#define DEFECT_WRITE
#include "defect.h"

#ifndef RIGHT_LEVEL
#define RIGHT_LEVEL PASSIVE_LEVEL
#endif

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp);

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
#ifdef REPAIRED
  KeRaiseIrql(RIGHT_LEVEL, &old);
#else
  KeRaiseIrql(WRONG_LEVEL, &old);
#endif
  DefectCall(Device, Irp);
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
