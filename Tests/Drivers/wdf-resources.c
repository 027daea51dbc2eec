// Lists of resources of the framework. The test makes them and gives their handles.
#include "wdf-scenario.h"

static CM_PARTIAL_RESOURCE_DESCRIPTOR Port(ULONG Start) {
  CM_PARTIAL_RESOURCE_DESCRIPTOR descriptor;
  RtlZeroMemory(&descriptor, sizeof descriptor);
  descriptor.Type = CmResourceTypePort;
  descriptor.u.Port.Start.QuadPart = Start;
  descriptor.u.Port.Length = 8;
  return descriptor;
}

static IO_RESOURCE_DESCRIPTOR Wish(ULONG Minimum) {
  IO_RESOURCE_DESCRIPTOR descriptor;
  RtlZeroMemory(&descriptor, sizeof descriptor);
  descriptor.Type = CmResourceTypePort;
  descriptor.u.Port.Length = 8;
  descriptor.u.Port.MinimumAddress.QuadPart = Minimum;
  return descriptor;
}

/// The list has ports 0x100 and 0x200, and may be changed.
static void Change(WDFCMRESLIST List) {
  CM_PARTIAL_RESOURCE_DESCRIPTOR port = Port(0x300);
  PCM_PARTIAL_RESOURCE_DESCRIPTOR found;
  CHECK(WdfCmResourceListGetCount(List) == 2);
  found = WdfCmResourceListGetDescriptor(List, 1);
  CHECK(found->Type == CmResourceTypePort && found->u.Port.Start.QuadPart == 0x200);
  // What a driver writes to its copy changes nothing.
  found->u.Port.Start.QuadPart = 1;
  CHECK(WdfCmResourceListGetDescriptor(List, 1)->u.Port.Start.QuadPart == 0x200);
  CHECK(WdfCmResourceListGetDescriptor(List, 2) == NULL);
  CHECK(WdfCmResourceListAppendDescriptor(List, &port) == STATUS_SUCCESS);
  port = Port(0x80);
  CHECK(WdfCmResourceListInsertDescriptor(List, &port, 0) == STATUS_SUCCESS);
  CHECK(WdfCmResourceListInsertDescriptor(List, &port, 9) == STATUS_ARRAY_BOUNDS_EXCEEDED);
  CHECK(WdfCmResourceListGetCount(List) == 4);
  CHECK(WdfCmResourceListGetDescriptor(List, 0)->u.Port.Start.QuadPart == 0x80);
  CHECK(WdfCmResourceListGetDescriptor(List, 3)->u.Port.Start.QuadPart == 0x300);
  WdfCmResourceListRemove(List, 1);
  port = Port(0x200);
  WdfCmResourceListRemoveByDescriptor(List, &port);
  CHECK(WdfCmResourceListGetCount(List) == 2);
  WdfCmResourceListRemove(List, 5);
  WdfCmResourceListRemoveByDescriptor(List, &port);
  // The driver does not delete such a list.
  WdfObjectDelete(List);
  CHECK(WdfCmResourceListGetCount(List) == 2);
}

static void Look(WDFCMRESLIST List) {
  CM_PARTIAL_RESOURCE_DESCRIPTOR port = Port(0x300);
  ULONG count = WdfCmResourceListGetCount(List);
  CHECK(WdfCmResourceListAppendDescriptor(List, &port) == STATUS_ACCESS_DENIED);
  WdfCmResourceListRemove(List, 0);
  CHECK(WdfCmResourceListGetCount(List) == count);
}

/// Two lists, of one and of two ports.
static void Require(WDFIORESREQLIST Requirements, WDFIORESREQLIST Other) {
  IO_RESOURCE_DESCRIPTOR wish = Wish(0x400);
  WDFIORESLIST first = WdfIoResourceRequirementsListGetIoResList(Requirements, 0);
  WDFIORESLIST second = WdfIoResourceRequirementsListGetIoResList(Requirements, 1), made;
  CHECK(WdfIoResourceRequirementsListGetCount(Requirements) == 2);
  CHECK(WdfIoResourceRequirementsListGetIoResList(Requirements, 2) == NULL);
  CHECK(WdfIoResourceListGetCount(first) == 1 && WdfIoResourceListGetCount(second) == 2);
  CHECK(WdfIoResourceListGetDescriptor(second, 1)->u.Port.MinimumAddress.QuadPart == 0x300);
  CHECK(WdfIoResourceListCreate(Requirements, WDF_NO_OBJECT_ATTRIBUTES, &made) == STATUS_SUCCESS);
  CHECK(WdfIoResourceRequirementsListGetCount(Requirements) == 2);
  CHECK(WdfIoResourceRequirementsListAppendIoResList(Other, made) ==
        STATUS_INVALID_DEVICE_REQUEST);
  CHECK(WdfIoResourceRequirementsListInsertIoResList(Requirements, made, 5) ==
        STATUS_ARRAY_BOUNDS_EXCEEDED);
  CHECK(WdfIoResourceRequirementsListInsertIoResList(Requirements, made, 0) == STATUS_SUCCESS);
  CHECK(WdfIoResourceRequirementsListGetIoResList(Requirements, 0) == made);
  CHECK(WdfIoResourceListAppendDescriptor(made, &wish) == STATUS_SUCCESS);
  wish = Wish(0x500);
  CHECK(WdfIoResourceListInsertDescriptor(made, &wish, 0) == STATUS_SUCCESS);
  wish = Wish(0x600);
  WdfIoResourceListUpdateDescriptor(made, &wish, 1);
  CHECK(WdfIoResourceListGetDescriptor(made, 1)->u.Port.MinimumAddress.QuadPart == 0x600);
  WdfIoResourceListRemoveByDescriptor(made, &wish);
  CHECK(WdfIoResourceListGetCount(made) == 1);
  WdfIoResourceListRemove(second, 0);
  CHECK(WdfIoResourceListGetCount(second) == 1);
  WdfIoResourceRequirementsListRemove(Requirements, 1);
  CHECK(WdfIoResourceRequirementsListGetCount(Requirements) == 2);
  CHECK(WdfIoResourceRequirementsListGetIoResList(Requirements, 1) == second);
  WdfIoResourceRequirementsListSetSlotNumber(Requirements, 3);
  WdfIoResourceRequirementsListSetInterfaceType(Requirements, PCIBus);
}

static void Run(PSCENARIO_CALL Scenario) {
  WDFOBJECT handle = (WDFOBJECT)Scenario->In[0];
  switch (Scenario->Number) {
    case 0: Put(Scenario, (ULONGLONG)Scenario->Device); break;
    case 1: Change((WDFCMRESLIST)handle); break;
    case 2: Look((WDFCMRESLIST)handle); break;
    case 3: Require((WDFIORESREQLIST)handle, (WDFIORESREQLIST)Scenario->In[1]); break;
    case 4: WdfIoResourceRequirementsListRemoveByIoResList(
        (WDFIORESREQLIST)handle,
        WdfIoResourceRequirementsListGetIoResList((WDFIORESREQLIST)handle, 0));
      break;
  }
}

SCENARIO_RUN(L"Scenarios", Run)
