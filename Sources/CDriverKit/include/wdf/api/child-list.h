// Telling the framework of children.
#ifndef R3_WDF_API_CHILD_LIST_H
#define R3_WDF_API_CHILD_LIST_H

#include "../child-list.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER_INIT(
    PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER Header, ULONG IdentificationDescriptionSize) {
  RtlZeroMemory(Header, IdentificationDescriptionSize);
  Header->IdentificationDescriptionSize = IdentificationDescriptionSize;
}

FORCEINLINE void WDF_CHILD_ADDRESS_DESCRIPTION_HEADER_INIT(
    PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER Header, ULONG AddressDescriptionSize) {
  RtlZeroMemory(Header, AddressDescriptionSize);
  Header->AddressDescriptionSize = AddressDescriptionSize;
}

FORCEINLINE void WDF_CHILD_RETRIEVE_INFO_INIT(
    PWDF_CHILD_RETRIEVE_INFO Info,
    PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription) {
  R3_WDF_INIT(WDF_CHILD_RETRIEVE_INFO, Info);
  Info->IdentificationDescription = IdentificationDescription;
}

FORCEINLINE void WDF_CHILD_LIST_CONFIG_INIT(
    PWDF_CHILD_LIST_CONFIG Config, ULONG IdentificationDescriptionSize,
    PFN_WDF_CHILD_LIST_CREATE_DEVICE EvtChildListCreateDevice) {
  R3_WDF_INIT(WDF_CHILD_LIST_CONFIG, Config);
  Config->IdentificationDescriptionSize = IdentificationDescriptionSize;
  Config->EvtChildListCreateDevice = EvtChildListCreateDevice;
}

FORCEINLINE void WDF_CHILD_LIST_ITERATOR_INIT(PWDF_CHILD_LIST_ITERATOR Iterator, ULONG Flags) {
  R3_WDF_INIT(WDF_CHILD_LIST_ITERATOR, Iterator);
  Iterator->Flags = Flags;
}

FORCEINLINE NTSTATUS WdfChildListCreate(WDFDEVICE Device, PWDF_CHILD_LIST_CONFIG Config,
                                        PWDF_OBJECT_ATTRIBUTES ChildListAttributes,
                                        WDFCHILDLIST *ChildList) {
  return R3_WDF(WdfChildListCreate, NTSTATUS, WDFDEVICE, PWDF_CHILD_LIST_CONFIG,
                PWDF_OBJECT_ATTRIBUTES, WDFCHILDLIST *)
      (WdfDriverGlobals, Device, Config, ChildListAttributes, ChildList);
}

FORCEINLINE WDFDEVICE WdfChildListGetDevice(WDFCHILDLIST ChildList) {
  return R3_WDF(WdfChildListGetDevice, WDFDEVICE, WDFCHILDLIST)(WdfDriverGlobals, ChildList);
}

FORCEINLINE WDFDEVICE WdfChildListRetrievePdo(WDFCHILDLIST ChildList,
                                              PWDF_CHILD_RETRIEVE_INFO RetrieveInfo) {
  return R3_WDF(WdfChildListRetrievePdo, WDFDEVICE, WDFCHILDLIST, PWDF_CHILD_RETRIEVE_INFO)
      (WdfDriverGlobals, ChildList, RetrieveInfo);
}

FORCEINLINE NTSTATUS WdfChildListRetrieveAddressDescription(
    WDFCHILDLIST ChildList, PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription,
    PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER AddressDescription) {
  return R3_WDF(WdfChildListRetrieveAddressDescription, NTSTATUS, WDFCHILDLIST,
                PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER, PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER)
      (WdfDriverGlobals, ChildList, IdentificationDescription, AddressDescription);
}

FORCEINLINE void WdfChildListBeginScan(WDFCHILDLIST ChildList) {
  R3_WDF(WdfChildListBeginScan, void, WDFCHILDLIST)(WdfDriverGlobals, ChildList);
}

FORCEINLINE void WdfChildListEndScan(WDFCHILDLIST ChildList) {
  R3_WDF(WdfChildListEndScan, void, WDFCHILDLIST)(WdfDriverGlobals, ChildList);
}

FORCEINLINE void WdfChildListBeginIteration(WDFCHILDLIST ChildList,
                                            PWDF_CHILD_LIST_ITERATOR Iterator) {
  R3_WDF(WdfChildListBeginIteration, void, WDFCHILDLIST, PWDF_CHILD_LIST_ITERATOR)
      (WdfDriverGlobals, ChildList, Iterator);
}

FORCEINLINE NTSTATUS WdfChildListRetrieveNextDevice(WDFCHILDLIST ChildList,
                                                    PWDF_CHILD_LIST_ITERATOR Iterator,
                                                    WDFDEVICE *Device,
                                                    PWDF_CHILD_RETRIEVE_INFO Info) {
  return R3_WDF(WdfChildListRetrieveNextDevice, NTSTATUS, WDFCHILDLIST, PWDF_CHILD_LIST_ITERATOR,
                WDFDEVICE *, PWDF_CHILD_RETRIEVE_INFO)
      (WdfDriverGlobals, ChildList, Iterator, Device, Info);
}

FORCEINLINE void WdfChildListEndIteration(WDFCHILDLIST ChildList,
                                          PWDF_CHILD_LIST_ITERATOR Iterator) {
  R3_WDF(WdfChildListEndIteration, void, WDFCHILDLIST, PWDF_CHILD_LIST_ITERATOR)
      (WdfDriverGlobals, ChildList, Iterator);
}

FORCEINLINE NTSTATUS WdfChildListAddOrUpdateChildDescriptionAsPresent(
    WDFCHILDLIST ChildList, PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription,
    PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER AddressDescription) {
  return R3_WDF(WdfChildListAddOrUpdateChildDescriptionAsPresent, NTSTATUS, WDFCHILDLIST,
                PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER, PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER)
      (WdfDriverGlobals, ChildList, IdentificationDescription, AddressDescription);
}

FORCEINLINE NTSTATUS WdfChildListUpdateChildDescriptionAsMissing(
    WDFCHILDLIST ChildList,
    PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription) {
  return R3_WDF(WdfChildListUpdateChildDescriptionAsMissing, NTSTATUS, WDFCHILDLIST,
                PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER)
      (WdfDriverGlobals, ChildList, IdentificationDescription);
}

FORCEINLINE void WdfChildListUpdateAllChildDescriptionsAsPresent(WDFCHILDLIST ChildList) {
  R3_WDF(WdfChildListUpdateAllChildDescriptionsAsPresent, void, WDFCHILDLIST)
      (WdfDriverGlobals, ChildList);
}

FORCEINLINE BOOLEAN WdfChildListRequestChildEject(
    WDFCHILDLIST ChildList,
    PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER IdentificationDescription) {
  return R3_WDF(WdfChildListRequestChildEject, BOOLEAN, WDFCHILDLIST,
                PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER)
      (WdfDriverGlobals, ChildList, IdentificationDescription);
}

R3_END

#endif
#endif
