// Has the system write past the end of a block: a string longer than its buffer.
#define DEFECT_READ
#include "defect.h"

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PUCHAR block = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, DEFECT_TAG);
  UNICODE_STRING name;
  UNICODE_STRING text;
  UNREFERENCED_PARAMETER(Device);
  if (block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  RtlInitUnicodeString(&text, L"The text of this string is much longer than the buffer for it.");
  name.Buffer = (PWCH)block;
  name.Length = 0;
#ifdef REPAIRED
  name.MaximumLength = 96;
#else
  name.MaximumLength = 128;
#endif
  RtlCopyUnicodeString(&name, &text);
  ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectAnswer(Irp);
}
