// Puts an entry into a device queue at PASSIVE_LEVEL.
#define WRONG_LEVEL PASSIVE_LEVEL
#define RIGHT_LEVEL DISPATCH_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  KDEVICE_QUEUE queue;
  KDEVICE_QUEUE_ENTRY entry;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  KeInitializeDeviceQueue(&queue);
  (void)KeInsertDeviceQueue(&queue, &entry);
  (void)KeRemoveDeviceQueue(&queue);
}
