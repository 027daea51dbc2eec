// The first write makes a block that all writes count in.
//
// Two writes at once may both find none and make one, of which the first is lost. REPAIRED, the second one
// gives its own back.
#define DEFECT_UNLOAD
#define DEFECT_WRITE
#define DEFECT_EXTENSION sizeof(EXTENSION)
#include <ntddk.h>

typedef struct EXTENSION {
  LONG *Counter;
} EXTENSION;

#include "../Defects/defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  EXTENSION *extension = Device->DeviceExtension;
  if (extension->Counter == NULL) {
    LONG *counter = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(LONG), DEFECT_TAG);
    if (counter == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
    if (InterlockedCompareExchangePointer((PVOID *)&extension->Counter, counter, NULL) != NULL) {
      ExFreePoolWithTag(counter, DEFECT_TAG);
    }
#else
    extension->Counter = counter;
#endif
  }
  InterlockedIncrement(extension->Counter);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  EXTENSION *extension = Driver->DeviceObject->DeviceExtension;
  if (extension->Counter != NULL) ExFreePoolWithTag(extension->Counter, DEFECT_TAG);
}
