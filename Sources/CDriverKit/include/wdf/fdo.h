// What is special to function devices.
#ifndef R3_WDF_FDO_H
#define R3_WDF_FDO_H

#include "child-list.h"

R3_EVENT(NTSTATUS, WDF_DEVICE_FILTER_RESOURCE_REQUIREMENTS,
         (WDFDEVICE Device, WDFIORESREQLIST IoResourceRequirementsList));

R3_EVENT(NTSTATUS, WDF_DEVICE_REMOVE_ADDED_RESOURCES,
         (WDFDEVICE Device, WDFCMRESLIST ResourcesRaw, WDFCMRESLIST ResourcesTranslated));

typedef struct _WDF_FDO_EVENT_CALLBACKS {
  ULONG Size;
  PFN_WDF_DEVICE_FILTER_RESOURCE_REQUIREMENTS EvtDeviceFilterAddResourceRequirements;
  PFN_WDF_DEVICE_FILTER_RESOURCE_REQUIREMENTS EvtDeviceFilterRemoveResourceRequirements;
  PFN_WDF_DEVICE_REMOVE_ADDED_RESOURCES EvtDeviceRemoveAddedResources;
} WDF_FDO_EVENT_CALLBACKS, *PWDF_FDO_EVENT_CALLBACKS;

#endif
