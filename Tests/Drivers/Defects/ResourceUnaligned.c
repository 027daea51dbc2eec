// Has a resource in a packed structure.
#define DEFECT_WRITE
#include "defect.h"

#ifndef REPAIRED
#pragma pack(push, 1)
#endif
typedef struct EXTENSION {
  ULONG Flags;
  ERESOURCE Resource;
} EXTENSION;
#ifndef REPAIRED
#pragma pack(pop)
#endif

static __declspec(align(16)) EXTENSION extension;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  if (!NT_SUCCESS(ExInitializeResourceLite(&extension.Resource))) {
    return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  }
  ExDeleteResourceLite(&extension.Resource);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
