// Names a key by a string of an odd number of bytes.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  OBJECT_ATTRIBUTES attributes;
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Registry\\Machine\\Software\\Nobody");
  HANDLE key;
  UNREFERENCED_PARAMETER(Device);
#ifndef REPAIRED
  name.Length--;
#endif
  InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
  if (NT_SUCCESS(ZwOpenKey(&key, KEY_READ, &attributes))) ZwClose(key);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
