// Lists of hardware resources.
#ifndef R3_WDF_API_RESOURCE_H
#define R3_WDF_API_RESOURCE_H

#include "../resource.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WdfIoResourceRequirementsListSetSlotNumber(WDFIORESREQLIST RequirementsList,
                                                            ULONG SlotNumber) {
  R3_WDF(WdfIoResourceRequirementsListSetSlotNumber, void, WDFIORESREQLIST, ULONG)
      (WdfDriverGlobals, RequirementsList, SlotNumber);
}

FORCEINLINE void WdfIoResourceRequirementsListSetInterfaceType(WDFIORESREQLIST RequirementsList,
                                                               INTERFACE_TYPE InterfaceType) {
  R3_WDF(WdfIoResourceRequirementsListSetInterfaceType, void, WDFIORESREQLIST, INTERFACE_TYPE)
      (WdfDriverGlobals, RequirementsList, InterfaceType);
}

FORCEINLINE NTSTATUS WdfIoResourceRequirementsListAppendIoResList(WDFIORESREQLIST RequirementsList,
                                                                  WDFIORESLIST IoResList) {
  return R3_WDF(WdfIoResourceRequirementsListAppendIoResList, NTSTATUS, WDFIORESREQLIST,
                WDFIORESLIST)
      (WdfDriverGlobals, RequirementsList, IoResList);
}

FORCEINLINE NTSTATUS WdfIoResourceRequirementsListInsertIoResList(WDFIORESREQLIST RequirementsList,
                                                                  WDFIORESLIST IoResList,
                                                                  ULONG Index) {
  return R3_WDF(WdfIoResourceRequirementsListInsertIoResList, NTSTATUS, WDFIORESREQLIST,
                WDFIORESLIST, ULONG)
      (WdfDriverGlobals, RequirementsList, IoResList, Index);
}

FORCEINLINE ULONG WdfIoResourceRequirementsListGetCount(WDFIORESREQLIST RequirementsList) {
  return R3_WDF(WdfIoResourceRequirementsListGetCount, ULONG, WDFIORESREQLIST)
      (WdfDriverGlobals, RequirementsList);
}

FORCEINLINE WDFIORESLIST WdfIoResourceRequirementsListGetIoResList(WDFIORESREQLIST RequirementsList,
                                                                   ULONG Index) {
  return R3_WDF(WdfIoResourceRequirementsListGetIoResList, WDFIORESLIST, WDFIORESREQLIST, ULONG)
      (WdfDriverGlobals, RequirementsList, Index);
}

FORCEINLINE void WdfIoResourceRequirementsListRemove(WDFIORESREQLIST RequirementsList,
                                                     ULONG Index) {
  R3_WDF(WdfIoResourceRequirementsListRemove, void, WDFIORESREQLIST, ULONG)
      (WdfDriverGlobals, RequirementsList, Index);
}

FORCEINLINE void WdfIoResourceRequirementsListRemoveByIoResList(WDFIORESREQLIST RequirementsList,
                                                                WDFIORESLIST IoResList) {
  R3_WDF(WdfIoResourceRequirementsListRemoveByIoResList, void, WDFIORESREQLIST, WDFIORESLIST)
      (WdfDriverGlobals, RequirementsList, IoResList);
}

FORCEINLINE NTSTATUS WdfIoResourceListCreate(WDFIORESREQLIST RequirementsList,
                                             PWDF_OBJECT_ATTRIBUTES Attributes,
                                             WDFIORESLIST *ResourceList) {
  return R3_WDF(WdfIoResourceListCreate, NTSTATUS, WDFIORESREQLIST, PWDF_OBJECT_ATTRIBUTES,
                WDFIORESLIST *)
      (WdfDriverGlobals, RequirementsList, Attributes, ResourceList);
}

FORCEINLINE NTSTATUS WdfIoResourceListAppendDescriptor(WDFIORESLIST ResourceList,
                                                       PIO_RESOURCE_DESCRIPTOR Descriptor) {
  return R3_WDF(WdfIoResourceListAppendDescriptor, NTSTATUS, WDFIORESLIST, PIO_RESOURCE_DESCRIPTOR)
      (WdfDriverGlobals, ResourceList, Descriptor);
}

FORCEINLINE NTSTATUS WdfIoResourceListInsertDescriptor(WDFIORESLIST ResourceList,
                                                       PIO_RESOURCE_DESCRIPTOR Descriptor,
                                                       ULONG Index) {
  return R3_WDF(WdfIoResourceListInsertDescriptor, NTSTATUS, WDFIORESLIST, PIO_RESOURCE_DESCRIPTOR,
                ULONG)
      (WdfDriverGlobals, ResourceList, Descriptor, Index);
}

FORCEINLINE void WdfIoResourceListUpdateDescriptor(WDFIORESLIST ResourceList,
                                                   PIO_RESOURCE_DESCRIPTOR Descriptor,
                                                   ULONG Index) {
  R3_WDF(WdfIoResourceListUpdateDescriptor, void, WDFIORESLIST, PIO_RESOURCE_DESCRIPTOR, ULONG)
      (WdfDriverGlobals, ResourceList, Descriptor, Index);
}

FORCEINLINE ULONG WdfIoResourceListGetCount(WDFIORESLIST ResourceList) {
  return R3_WDF(WdfIoResourceListGetCount, ULONG, WDFIORESLIST)(WdfDriverGlobals, ResourceList);
}

FORCEINLINE PIO_RESOURCE_DESCRIPTOR WdfIoResourceListGetDescriptor(WDFIORESLIST ResourceList,
                                                                   ULONG Index) {
  return R3_WDF(WdfIoResourceListGetDescriptor, PIO_RESOURCE_DESCRIPTOR, WDFIORESLIST, ULONG)
      (WdfDriverGlobals, ResourceList, Index);
}

FORCEINLINE void WdfIoResourceListRemove(WDFIORESLIST ResourceList, ULONG Index) {
  R3_WDF(WdfIoResourceListRemove, void, WDFIORESLIST, ULONG)(WdfDriverGlobals, ResourceList, Index);
}

FORCEINLINE void WdfIoResourceListRemoveByDescriptor(WDFIORESLIST ResourceList,
                                                     PIO_RESOURCE_DESCRIPTOR Descriptor) {
  R3_WDF(WdfIoResourceListRemoveByDescriptor, void, WDFIORESLIST, PIO_RESOURCE_DESCRIPTOR)
      (WdfDriverGlobals, ResourceList, Descriptor);
}

FORCEINLINE NTSTATUS WdfCmResourceListAppendDescriptor(WDFCMRESLIST List,
                                                       PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor) {
  return R3_WDF(WdfCmResourceListAppendDescriptor, NTSTATUS, WDFCMRESLIST,
                PCM_PARTIAL_RESOURCE_DESCRIPTOR)
      (WdfDriverGlobals, List, Descriptor);
}

FORCEINLINE NTSTATUS WdfCmResourceListInsertDescriptor(WDFCMRESLIST List,
                                                       PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor,
                                                       ULONG Index) {
  return R3_WDF(WdfCmResourceListInsertDescriptor, NTSTATUS, WDFCMRESLIST,
                PCM_PARTIAL_RESOURCE_DESCRIPTOR, ULONG)
      (WdfDriverGlobals, List, Descriptor, Index);
}

FORCEINLINE ULONG WdfCmResourceListGetCount(WDFCMRESLIST List) {
  return R3_WDF(WdfCmResourceListGetCount, ULONG, WDFCMRESLIST)(WdfDriverGlobals, List);
}

FORCEINLINE PCM_PARTIAL_RESOURCE_DESCRIPTOR WdfCmResourceListGetDescriptor(WDFCMRESLIST List,
                                                                           ULONG Index) {
  return R3_WDF(WdfCmResourceListGetDescriptor, PCM_PARTIAL_RESOURCE_DESCRIPTOR, WDFCMRESLIST,
                ULONG)
      (WdfDriverGlobals, List, Index);
}

FORCEINLINE void WdfCmResourceListRemove(WDFCMRESLIST List, ULONG Index) {
  R3_WDF(WdfCmResourceListRemove, void, WDFCMRESLIST, ULONG)(WdfDriverGlobals, List, Index);
}

FORCEINLINE void WdfCmResourceListRemoveByDescriptor(WDFCMRESLIST List,
                                                     PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor) {
  R3_WDF(WdfCmResourceListRemoveByDescriptor, void, WDFCMRESLIST, PCM_PARTIAL_RESOURCE_DESCRIPTOR)
      (WdfDriverGlobals, List, Descriptor);
}

R3_END

#endif
#endif
