// Opens a key by a name that lies in the program's memory.
#define DEFECT_FLAGS 0
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  OBJECT_ATTRIBUTES attributes;
  UNICODE_STRING name;
  HANDLE key;
  UNREFERENCED_PARAMETER(Device);
  name.Length = name.MaximumLength = sizeof(WCHAR);
#ifdef REPAIRED
  name.Buffer = L"A";
#else
  name.Buffer = Irp->UserBuffer;
#endif
  InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
  if (NT_SUCCESS(ZwOpenKey(&key, KEY_READ, &attributes))) ZwClose(key);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
