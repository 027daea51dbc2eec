// Fills more of an array on its stack than it has, up to the cookie behind it.
#define DEFECT_CONTROL
#include "defect.h"

#define ROOM 32

__declspec(noinline) static ULONG Fill(ULONG Length) {
  volatile UCHAR copy[ROOM];
  ULONG sum = 0, index;
#ifdef REPAIRED
  if (Length > ROOM) Length = ROOM;
#endif
  for (index = 0; index < Length; index++) copy[index] = (UCHAR)(index + 1);
  for (index = 0; index < ROOM; index++) sum += copy[index];
  return sum;
}

static volatile ULONG Sum, Length = ROOM + 24;

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  Sum = Fill(Length);
  return DefectAnswer(Irp);
}
