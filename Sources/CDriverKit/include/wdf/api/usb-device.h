// USB devices.
#ifndef R3_WDF_API_USB_DEVICE_H
#define R3_WDF_API_USB_DEVICE_H

#include "../usb.h"
#include "../io-target.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE NTSTATUS WdfUsbTargetDeviceCreate(WDFDEVICE Device, PWDF_OBJECT_ATTRIBUTES Attributes,
                                              WDFUSBDEVICE *UsbDevice) {
  return R3_WDF(WdfUsbTargetDeviceCreate, NTSTATUS, WDFDEVICE, PWDF_OBJECT_ATTRIBUTES,
                WDFUSBDEVICE *)
      (WdfDriverGlobals, Device, Attributes, UsbDevice);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE NTSTATUS WdfUsbTargetDeviceCreateWithParameters(WDFDEVICE Device,
                                                            PWDF_USB_DEVICE_CREATE_CONFIG Config,
                                                            PWDF_OBJECT_ATTRIBUTES Attributes,
                                                            WDFUSBDEVICE *UsbDevice) {
  return R3_WDF(WdfUsbTargetDeviceCreateWithParameters, NTSTATUS, WDFDEVICE,
                PWDF_USB_DEVICE_CREATE_CONFIG, PWDF_OBJECT_ATTRIBUTES, WDFUSBDEVICE *)
      (WdfDriverGlobals, Device, Config, Attributes, UsbDevice);
}

#endif

FORCEINLINE NTSTATUS WdfUsbTargetDeviceRetrieveInformation(
    WDFUSBDEVICE UsbDevice, PWDF_USB_DEVICE_INFORMATION Information) {
  return R3_WDF(WdfUsbTargetDeviceRetrieveInformation, NTSTATUS, WDFUSBDEVICE,
                PWDF_USB_DEVICE_INFORMATION)
      (WdfDriverGlobals, UsbDevice, Information);
}

FORCEINLINE void WdfUsbTargetDeviceGetDeviceDescriptor(WDFUSBDEVICE UsbDevice,
                                                       PUSB_DEVICE_DESCRIPTOR UsbDeviceDescriptor) {
  R3_WDF(WdfUsbTargetDeviceGetDeviceDescriptor, void, WDFUSBDEVICE, PUSB_DEVICE_DESCRIPTOR)
      (WdfDriverGlobals, UsbDevice, UsbDeviceDescriptor);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceRetrieveConfigDescriptor(WDFUSBDEVICE UsbDevice,
                                                                PVOID ConfigDescriptor,
                                                                PUSHORT ConfigDescriptorLength) {
  return R3_WDF(WdfUsbTargetDeviceRetrieveConfigDescriptor, NTSTATUS, WDFUSBDEVICE, PVOID, PUSHORT)
      (WdfDriverGlobals, UsbDevice, ConfigDescriptor, ConfigDescriptorLength);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceQueryString(WDFUSBDEVICE UsbDevice, WDFREQUEST Request,
                                                   PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                                   PUSHORT String, PUSHORT NumCharacters,
                                                   UCHAR StringIndex, USHORT LangID) {
  return R3_WDF(WdfUsbTargetDeviceQueryString, NTSTATUS, WDFUSBDEVICE, WDFREQUEST,
                PWDF_REQUEST_SEND_OPTIONS, PUSHORT, PUSHORT, UCHAR, USHORT)
      (WdfDriverGlobals, UsbDevice, Request, RequestOptions, String, NumCharacters, StringIndex,
       LangID);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceAllocAndQueryString(
    WDFUSBDEVICE UsbDevice, PWDF_OBJECT_ATTRIBUTES StringMemoryAttributes, WDFMEMORY *StringMemory,
    PUSHORT NumCharacters, UCHAR StringIndex, USHORT LangID) {
  return R3_WDF(WdfUsbTargetDeviceAllocAndQueryString, NTSTATUS, WDFUSBDEVICE,
                PWDF_OBJECT_ATTRIBUTES, WDFMEMORY *, PUSHORT, UCHAR, USHORT)
      (WdfDriverGlobals, UsbDevice, StringMemoryAttributes, StringMemory, NumCharacters,
       StringIndex, LangID);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceFormatRequestForString(WDFUSBDEVICE UsbDevice,
                                                              WDFREQUEST Request, WDFMEMORY Memory,
                                                              PWDFMEMORY_OFFSET Offset,
                                                              UCHAR StringIndex, USHORT LangID) {
  return R3_WDF(WdfUsbTargetDeviceFormatRequestForString, NTSTATUS, WDFUSBDEVICE, WDFREQUEST,
                WDFMEMORY, PWDFMEMORY_OFFSET, UCHAR, USHORT)
      (WdfDriverGlobals, UsbDevice, Request, Memory, Offset, StringIndex, LangID);
}

FORCEINLINE UCHAR WdfUsbTargetDeviceGetNumInterfaces(WDFUSBDEVICE UsbDevice) {
  return R3_WDF(WdfUsbTargetDeviceGetNumInterfaces, UCHAR, WDFUSBDEVICE)
      (WdfDriverGlobals, UsbDevice);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceSelectConfig(WDFUSBDEVICE UsbDevice,
                                                    PWDF_OBJECT_ATTRIBUTES PipeAttributes,
                                                    PWDF_USB_DEVICE_SELECT_CONFIG_PARAMS Params) {
  return R3_WDF(WdfUsbTargetDeviceSelectConfig, NTSTATUS, WDFUSBDEVICE, PWDF_OBJECT_ATTRIBUTES,
                PWDF_USB_DEVICE_SELECT_CONFIG_PARAMS)
      (WdfDriverGlobals, UsbDevice, PipeAttributes, Params);
}

FORCEINLINE USBD_CONFIGURATION_HANDLE WdfUsbTargetDeviceWdmGetConfigurationHandle(
    WDFUSBDEVICE UsbDevice) {
  return R3_WDF(WdfUsbTargetDeviceWdmGetConfigurationHandle, USBD_CONFIGURATION_HANDLE,
                WDFUSBDEVICE)
      (WdfDriverGlobals, UsbDevice);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceRetrieveCurrentFrameNumber(WDFUSBDEVICE UsbDevice,
                                                                  PULONG CurrentFrameNumber) {
  return R3_WDF(WdfUsbTargetDeviceRetrieveCurrentFrameNumber, NTSTATUS, WDFUSBDEVICE, PULONG)
      (WdfDriverGlobals, UsbDevice, CurrentFrameNumber);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceSendControlTransferSynchronously(
    WDFUSBDEVICE UsbDevice, WDFREQUEST Request, PWDF_REQUEST_SEND_OPTIONS RequestOptions,
    PWDF_USB_CONTROL_SETUP_PACKET SetupPacket, PWDF_MEMORY_DESCRIPTOR MemoryDescriptor,
    PULONG BytesTransferred) {
  return R3_WDF(WdfUsbTargetDeviceSendControlTransferSynchronously, NTSTATUS, WDFUSBDEVICE,
                WDFREQUEST, PWDF_REQUEST_SEND_OPTIONS, PWDF_USB_CONTROL_SETUP_PACKET,
                PWDF_MEMORY_DESCRIPTOR, PULONG)
      (WdfDriverGlobals, UsbDevice, Request, RequestOptions, SetupPacket, MemoryDescriptor,
       BytesTransferred);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceFormatRequestForControlTransfer(
    WDFUSBDEVICE UsbDevice, WDFREQUEST Request, PWDF_USB_CONTROL_SETUP_PACKET SetupPacket,
    WDFMEMORY TransferMemory, PWDFMEMORY_OFFSET TransferOffset) {
  return R3_WDF(WdfUsbTargetDeviceFormatRequestForControlTransfer, NTSTATUS, WDFUSBDEVICE,
                WDFREQUEST, PWDF_USB_CONTROL_SETUP_PACKET, WDFMEMORY, PWDFMEMORY_OFFSET)
      (WdfDriverGlobals, UsbDevice, Request, SetupPacket, TransferMemory, TransferOffset);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceIsConnectedSynchronous(WDFUSBDEVICE UsbDevice) {
  return R3_WDF(WdfUsbTargetDeviceIsConnectedSynchronous, NTSTATUS, WDFUSBDEVICE)
      (WdfDriverGlobals, UsbDevice);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceResetPortSynchronously(WDFUSBDEVICE UsbDevice) {
  return R3_WDF(WdfUsbTargetDeviceResetPortSynchronously, NTSTATUS, WDFUSBDEVICE)
      (WdfDriverGlobals, UsbDevice);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceCyclePortSynchronously(WDFUSBDEVICE UsbDevice) {
  return R3_WDF(WdfUsbTargetDeviceCyclePortSynchronously, NTSTATUS, WDFUSBDEVICE)
      (WdfDriverGlobals, UsbDevice);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceFormatRequestForCyclePort(WDFUSBDEVICE UsbDevice,
                                                                 WDFREQUEST Request) {
  return R3_WDF(WdfUsbTargetDeviceFormatRequestForCyclePort, NTSTATUS, WDFUSBDEVICE, WDFREQUEST)
      (WdfDriverGlobals, UsbDevice, Request);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceSendUrbSynchronously(
    WDFUSBDEVICE UsbDevice, WDFREQUEST Request, PWDF_REQUEST_SEND_OPTIONS RequestOptions,
    PURB Urb) {
  return R3_WDF(WdfUsbTargetDeviceSendUrbSynchronously, NTSTATUS, WDFUSBDEVICE, WDFREQUEST,
                PWDF_REQUEST_SEND_OPTIONS, PURB)
      (WdfDriverGlobals, UsbDevice, Request, RequestOptions, Urb);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceFormatRequestForUrb(WDFUSBDEVICE UsbDevice,
                                                           WDFREQUEST Request, WDFMEMORY UrbMemory,
                                                           PWDFMEMORY_OFFSET UrbMemoryOffset) {
  return R3_WDF(WdfUsbTargetDeviceFormatRequestForUrb, NTSTATUS, WDFUSBDEVICE, WDFREQUEST,
                WDFMEMORY, PWDFMEMORY_OFFSET)
      (WdfDriverGlobals, UsbDevice, Request, UrbMemory, UrbMemoryOffset);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE NTSTATUS WdfUsbTargetDeviceQueryUsbCapability(WDFUSBDEVICE UsbDevice,
                                                          const GUID *CapabilityType,
                                                          ULONG CapabilityBufferLength,
                                                          PVOID CapabilityBuffer,
                                                          PULONG ResultLength) {
  return R3_WDF(WdfUsbTargetDeviceQueryUsbCapability, NTSTATUS, WDFUSBDEVICE, const GUID *, ULONG,
                PVOID, PULONG)
      (WdfDriverGlobals, UsbDevice, CapabilityType, CapabilityBufferLength, CapabilityBuffer,
       ResultLength);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceCreateUrb(WDFUSBDEVICE UsbDevice,
                                                 PWDF_OBJECT_ATTRIBUTES Attributes,
                                                 WDFMEMORY *UrbMemory, PURB *Urb) {
  return R3_WDF(WdfUsbTargetDeviceCreateUrb, NTSTATUS, WDFUSBDEVICE, PWDF_OBJECT_ATTRIBUTES,
                WDFMEMORY *, PURB *)
      (WdfDriverGlobals, UsbDevice, Attributes, UrbMemory, Urb);
}

FORCEINLINE NTSTATUS WdfUsbTargetDeviceCreateIsochUrb(WDFUSBDEVICE UsbDevice,
                                                      PWDF_OBJECT_ATTRIBUTES Attributes,
                                                      ULONG NumberOfIsochPackets,
                                                      WDFMEMORY *UrbMemory, PURB *Urb) {
  return R3_WDF(WdfUsbTargetDeviceCreateIsochUrb, NTSTATUS, WDFUSBDEVICE, PWDF_OBJECT_ATTRIBUTES,
                ULONG, WDFMEMORY *, PURB *)
      (WdfDriverGlobals, UsbDevice, Attributes, NumberOfIsochPackets, UrbMemory, Urb);
}

#endif

FORCEINLINE WDFUSBINTERFACE WdfUsbTargetDeviceGetInterface(WDFUSBDEVICE UsbDevice,
                                                           UCHAR InterfaceIndex) {
  return R3_WDF(WdfUsbTargetDeviceGetInterface, WDFUSBINTERFACE, WDFUSBDEVICE, UCHAR)
      (WdfDriverGlobals, UsbDevice, InterfaceIndex);
}

R3_END

#endif
#endif
