// Where requests are sent.
#ifndef R3_WDF_API_IO_TARGET_H
#define R3_WDF_API_IO_TARGET_H

#include "../io-target.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_IO_TARGET_OPEN_PARAMS_INIT_EXISTING_DEVICE(PWDF_IO_TARGET_OPEN_PARAMS Params,
                                                                PDEVICE_OBJECT DeviceObject) {
  R3_WDF_INIT(WDF_IO_TARGET_OPEN_PARAMS, Params);
  Params->Type = WdfIoTargetOpenUseExistingDevice;
  Params->TargetDeviceObject = DeviceObject;
}

FORCEINLINE void WDF_IO_TARGET_OPEN_PARAMS_INIT_CREATE_BY_NAME(PWDF_IO_TARGET_OPEN_PARAMS Params,
                                                               PCUNICODE_STRING TargetDeviceName,
                                                               ACCESS_MASK DesiredAccess) {
  R3_WDF_INIT(WDF_IO_TARGET_OPEN_PARAMS, Params);
  Params->Type = WdfIoTargetOpenByName;
  RtlCopyMemory(&Params->TargetDeviceName, TargetDeviceName, sizeof(UNICODE_STRING));
  Params->DesiredAccess = DesiredAccess;
  Params->CreateOptions = FILE_NON_DIRECTORY_FILE;
}

FORCEINLINE void WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(PWDF_IO_TARGET_OPEN_PARAMS Params,
                                                             PCUNICODE_STRING TargetDeviceName,
                                                             ACCESS_MASK DesiredAccess) {
  WDF_IO_TARGET_OPEN_PARAMS_INIT_CREATE_BY_NAME(Params, TargetDeviceName, DesiredAccess);
  Params->CreateDisposition = FILE_OPEN;
}

FORCEINLINE void WDF_IO_TARGET_OPEN_PARAMS_INIT_REOPEN(PWDF_IO_TARGET_OPEN_PARAMS Params) {
  R3_WDF_INIT(WDF_IO_TARGET_OPEN_PARAMS, Params);
  Params->Type = WdfIoTargetOpenReopen;
}

FORCEINLINE NTSTATUS WdfIoTargetCreate(WDFDEVICE Device, PWDF_OBJECT_ATTRIBUTES IoTargetAttributes,
                                       WDFIOTARGET *IoTarget) {
  return R3_WDF(WdfIoTargetCreate, NTSTATUS, WDFDEVICE, PWDF_OBJECT_ATTRIBUTES, WDFIOTARGET *)
      (WdfDriverGlobals, Device, IoTargetAttributes, IoTarget);
}

FORCEINLINE NTSTATUS WdfIoTargetOpen(WDFIOTARGET IoTarget, PWDF_IO_TARGET_OPEN_PARAMS OpenParams) {
  return R3_WDF(WdfIoTargetOpen, NTSTATUS, WDFIOTARGET, PWDF_IO_TARGET_OPEN_PARAMS)
      (WdfDriverGlobals, IoTarget, OpenParams);
}

FORCEINLINE void WdfIoTargetCloseForQueryRemove(WDFIOTARGET IoTarget) {
  R3_WDF(WdfIoTargetCloseForQueryRemove, void, WDFIOTARGET)(WdfDriverGlobals, IoTarget);
}

FORCEINLINE void WdfIoTargetClose(WDFIOTARGET IoTarget) {
  R3_WDF(WdfIoTargetClose, void, WDFIOTARGET)(WdfDriverGlobals, IoTarget);
}

FORCEINLINE NTSTATUS WdfIoTargetStart(WDFIOTARGET IoTarget) {
  return R3_WDF(WdfIoTargetStart, NTSTATUS, WDFIOTARGET)(WdfDriverGlobals, IoTarget);
}

FORCEINLINE void WdfIoTargetStop(WDFIOTARGET IoTarget, WDF_IO_TARGET_SENT_IO_ACTION Action) {
  R3_WDF(WdfIoTargetStop, void, WDFIOTARGET, WDF_IO_TARGET_SENT_IO_ACTION)
      (WdfDriverGlobals, IoTarget, Action);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE void WdfIoTargetPurge(WDFIOTARGET IoTarget, WDF_IO_TARGET_PURGE_IO_ACTION Action) {
  R3_WDF(WdfIoTargetPurge, void, WDFIOTARGET, WDF_IO_TARGET_PURGE_IO_ACTION)
      (WdfDriverGlobals, IoTarget, Action);
}

#endif

FORCEINLINE WDF_IO_TARGET_STATE WdfIoTargetGetState(WDFIOTARGET IoTarget) {
  return R3_WDF(WdfIoTargetGetState, WDF_IO_TARGET_STATE, WDFIOTARGET)(WdfDriverGlobals, IoTarget);
}

FORCEINLINE WDFDEVICE WdfIoTargetGetDevice(WDFIOTARGET IoTarget) {
  return R3_WDF(WdfIoTargetGetDevice, WDFDEVICE, WDFIOTARGET)(WdfDriverGlobals, IoTarget);
}

FORCEINLINE NTSTATUS WdfIoTargetQueryTargetProperty(WDFIOTARGET IoTarget,
                                                    DEVICE_REGISTRY_PROPERTY DeviceProperty,
                                                    ULONG BufferLength, PVOID PropertyBuffer,
                                                    PULONG ResultLength) {
  return R3_WDF(WdfIoTargetQueryTargetProperty, NTSTATUS, WDFIOTARGET, DEVICE_REGISTRY_PROPERTY,
                ULONG, PVOID, PULONG)
      (WdfDriverGlobals, IoTarget, DeviceProperty, BufferLength, PropertyBuffer, ResultLength);
}

FORCEINLINE NTSTATUS WdfIoTargetAllocAndQueryTargetProperty(
    WDFIOTARGET IoTarget, DEVICE_REGISTRY_PROPERTY DeviceProperty, POOL_TYPE PoolType,
    PWDF_OBJECT_ATTRIBUTES PropertyMemoryAttributes, WDFMEMORY *PropertyMemory) {
  return R3_WDF(WdfIoTargetAllocAndQueryTargetProperty, NTSTATUS, WDFIOTARGET,
                DEVICE_REGISTRY_PROPERTY, POOL_TYPE, PWDF_OBJECT_ATTRIBUTES, WDFMEMORY *)
      (WdfDriverGlobals, IoTarget, DeviceProperty, PoolType, PropertyMemoryAttributes,
       PropertyMemory);
}

FORCEINLINE NTSTATUS WdfIoTargetQueryForInterface(WDFIOTARGET IoTarget, LPCGUID InterfaceType,
                                                  PINTERFACE Interface, USHORT Size, USHORT Version,
                                                  PVOID InterfaceSpecificData) {
  return R3_WDF(WdfIoTargetQueryForInterface, NTSTATUS, WDFIOTARGET, LPCGUID, PINTERFACE, USHORT,
                USHORT, PVOID)
      (WdfDriverGlobals, IoTarget, InterfaceType, Interface, Size, Version, InterfaceSpecificData);
}

FORCEINLINE PDEVICE_OBJECT WdfIoTargetWdmGetTargetDeviceObject(WDFIOTARGET IoTarget) {
  return R3_WDF(WdfIoTargetWdmGetTargetDeviceObject, PDEVICE_OBJECT, WDFIOTARGET)
      (WdfDriverGlobals, IoTarget);
}

FORCEINLINE PDEVICE_OBJECT WdfIoTargetWdmGetTargetPhysicalDevice(WDFIOTARGET IoTarget) {
  return R3_WDF(WdfIoTargetWdmGetTargetPhysicalDevice, PDEVICE_OBJECT, WDFIOTARGET)
      (WdfDriverGlobals, IoTarget);
}

FORCEINLINE PFILE_OBJECT WdfIoTargetWdmGetTargetFileObject(WDFIOTARGET IoTarget) {
  return R3_WDF(WdfIoTargetWdmGetTargetFileObject, PFILE_OBJECT, WDFIOTARGET)
      (WdfDriverGlobals, IoTarget);
}

FORCEINLINE HANDLE WdfIoTargetWdmGetTargetFileHandle(WDFIOTARGET IoTarget) {
  return R3_WDF(WdfIoTargetWdmGetTargetFileHandle, HANDLE, WDFIOTARGET)(WdfDriverGlobals, IoTarget);
}

FORCEINLINE NTSTATUS WdfIoTargetSendReadSynchronously(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                                      PWDF_MEMORY_DESCRIPTOR OutputBuffer,
                                                      PLONGLONG DeviceOffset,
                                                      PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                                      PULONG_PTR BytesRead) {
  return R3_WDF(WdfIoTargetSendReadSynchronously, NTSTATUS, WDFIOTARGET, WDFREQUEST,
                PWDF_MEMORY_DESCRIPTOR, PLONGLONG, PWDF_REQUEST_SEND_OPTIONS, PULONG_PTR)
      (WdfDriverGlobals, IoTarget, Request, OutputBuffer, DeviceOffset, RequestOptions, BytesRead);
}

FORCEINLINE NTSTATUS WdfIoTargetFormatRequestForRead(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                                     WDFMEMORY OutputBuffer,
                                                     PWDFMEMORY_OFFSET OutputBufferOffset,
                                                     PLONGLONG DeviceOffset) {
  return R3_WDF(WdfIoTargetFormatRequestForRead, NTSTATUS, WDFIOTARGET, WDFREQUEST, WDFMEMORY,
                PWDFMEMORY_OFFSET, PLONGLONG)
      (WdfDriverGlobals, IoTarget, Request, OutputBuffer, OutputBufferOffset, DeviceOffset);
}

FORCEINLINE NTSTATUS WdfIoTargetSendWriteSynchronously(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                                       PWDF_MEMORY_DESCRIPTOR InputBuffer,
                                                       PLONGLONG DeviceOffset,
                                                       PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                                       PULONG_PTR BytesWritten) {
  return R3_WDF(WdfIoTargetSendWriteSynchronously, NTSTATUS, WDFIOTARGET, WDFREQUEST,
                PWDF_MEMORY_DESCRIPTOR, PLONGLONG, PWDF_REQUEST_SEND_OPTIONS, PULONG_PTR)
      (WdfDriverGlobals, IoTarget, Request, InputBuffer, DeviceOffset, RequestOptions,
       BytesWritten);
}

FORCEINLINE NTSTATUS WdfIoTargetFormatRequestForWrite(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                                      WDFMEMORY InputBuffer,
                                                      PWDFMEMORY_OFFSET InputBufferOffset,
                                                      PLONGLONG DeviceOffset) {
  return R3_WDF(WdfIoTargetFormatRequestForWrite, NTSTATUS, WDFIOTARGET, WDFREQUEST, WDFMEMORY,
                PWDFMEMORY_OFFSET, PLONGLONG)
      (WdfDriverGlobals, IoTarget, Request, InputBuffer, InputBufferOffset, DeviceOffset);
}

FORCEINLINE NTSTATUS WdfIoTargetSendIoctlSynchronously(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                                       ULONG IoctlCode,
                                                       PWDF_MEMORY_DESCRIPTOR InputBuffer,
                                                       PWDF_MEMORY_DESCRIPTOR OutputBuffer,
                                                       PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                                       PULONG_PTR BytesReturned) {
  return R3_WDF(WdfIoTargetSendIoctlSynchronously, NTSTATUS, WDFIOTARGET, WDFREQUEST, ULONG,
                PWDF_MEMORY_DESCRIPTOR, PWDF_MEMORY_DESCRIPTOR, PWDF_REQUEST_SEND_OPTIONS,
                PULONG_PTR)
      (WdfDriverGlobals, IoTarget, Request, IoctlCode, InputBuffer, OutputBuffer, RequestOptions,
       BytesReturned);
}

FORCEINLINE NTSTATUS WdfIoTargetFormatRequestForIoctl(WDFIOTARGET IoTarget, WDFREQUEST Request,
                                                      ULONG IoctlCode, WDFMEMORY InputBuffer,
                                                      PWDFMEMORY_OFFSET InputBufferOffset,
                                                      WDFMEMORY OutputBuffer,
                                                      PWDFMEMORY_OFFSET OutputBufferOffset) {
  return R3_WDF(WdfIoTargetFormatRequestForIoctl, NTSTATUS, WDFIOTARGET, WDFREQUEST, ULONG,
                WDFMEMORY, PWDFMEMORY_OFFSET, WDFMEMORY, PWDFMEMORY_OFFSET)
      (WdfDriverGlobals, IoTarget, Request, IoctlCode, InputBuffer, InputBufferOffset, OutputBuffer,
       OutputBufferOffset);
}

FORCEINLINE NTSTATUS WdfIoTargetSendInternalIoctlSynchronously(
    WDFIOTARGET IoTarget, WDFREQUEST Request, ULONG IoctlCode, PWDF_MEMORY_DESCRIPTOR InputBuffer,
    PWDF_MEMORY_DESCRIPTOR OutputBuffer, PWDF_REQUEST_SEND_OPTIONS RequestOptions,
    PULONG_PTR BytesReturned) {
  return R3_WDF(WdfIoTargetSendInternalIoctlSynchronously, NTSTATUS, WDFIOTARGET, WDFREQUEST, ULONG,
                PWDF_MEMORY_DESCRIPTOR, PWDF_MEMORY_DESCRIPTOR, PWDF_REQUEST_SEND_OPTIONS,
                PULONG_PTR)
      (WdfDriverGlobals, IoTarget, Request, IoctlCode, InputBuffer, OutputBuffer, RequestOptions,
       BytesReturned);
}

FORCEINLINE NTSTATUS WdfIoTargetFormatRequestForInternalIoctl(
    WDFIOTARGET IoTarget, WDFREQUEST Request, ULONG IoctlCode, WDFMEMORY InputBuffer,
    PWDFMEMORY_OFFSET InputBufferOffset, WDFMEMORY OutputBuffer,
    PWDFMEMORY_OFFSET OutputBufferOffset) {
  return R3_WDF(WdfIoTargetFormatRequestForInternalIoctl, NTSTATUS, WDFIOTARGET, WDFREQUEST, ULONG,
                WDFMEMORY, PWDFMEMORY_OFFSET, WDFMEMORY, PWDFMEMORY_OFFSET)
      (WdfDriverGlobals, IoTarget, Request, IoctlCode, InputBuffer, InputBufferOffset, OutputBuffer,
       OutputBufferOffset);
}

FORCEINLINE NTSTATUS WdfIoTargetSendInternalIoctlOthersSynchronously(
    WDFIOTARGET IoTarget, WDFREQUEST Request, ULONG IoctlCode, PWDF_MEMORY_DESCRIPTOR OtherArg1,
    PWDF_MEMORY_DESCRIPTOR OtherArg2, PWDF_MEMORY_DESCRIPTOR OtherArg4,
    PWDF_REQUEST_SEND_OPTIONS RequestOptions, PULONG_PTR BytesReturned) {
  return R3_WDF(WdfIoTargetSendInternalIoctlOthersSynchronously, NTSTATUS, WDFIOTARGET, WDFREQUEST,
                ULONG, PWDF_MEMORY_DESCRIPTOR, PWDF_MEMORY_DESCRIPTOR, PWDF_MEMORY_DESCRIPTOR,
                PWDF_REQUEST_SEND_OPTIONS, PULONG_PTR)
      (WdfDriverGlobals, IoTarget, Request, IoctlCode, OtherArg1, OtherArg2, OtherArg4,
       RequestOptions, BytesReturned);
}

FORCEINLINE NTSTATUS WdfIoTargetFormatRequestForInternalIoctlOthers(
    WDFIOTARGET IoTarget, WDFREQUEST Request, ULONG IoctlCode, WDFMEMORY OtherArg1,
    PWDFMEMORY_OFFSET OtherArg1Offset, WDFMEMORY OtherArg2, PWDFMEMORY_OFFSET OtherArg2Offset,
    WDFMEMORY OtherArg4, PWDFMEMORY_OFFSET OtherArg4Offset) {
  return R3_WDF(WdfIoTargetFormatRequestForInternalIoctlOthers, NTSTATUS, WDFIOTARGET, WDFREQUEST,
                ULONG, WDFMEMORY, PWDFMEMORY_OFFSET, WDFMEMORY, PWDFMEMORY_OFFSET, WDFMEMORY,
                PWDFMEMORY_OFFSET)
      (WdfDriverGlobals, IoTarget, Request, IoctlCode, OtherArg1, OtherArg1Offset, OtherArg2,
       OtherArg2Offset, OtherArg4, OtherArg4Offset);
}

R3_END

#endif
#endif
