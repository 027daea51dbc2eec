// Pipes and interfaces of USB devices.
#ifndef R3_WDF_API_USB_PIPE_H
#define R3_WDF_API_USB_PIPE_H

#include "../usb.h"
#include "../io-target.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WdfUsbTargetPipeGetInformation(WDFUSBPIPE Pipe,
                                                PWDF_USB_PIPE_INFORMATION PipeInformation) {
  R3_WDF(WdfUsbTargetPipeGetInformation, void, WDFUSBPIPE, PWDF_USB_PIPE_INFORMATION)
      (WdfDriverGlobals, Pipe, PipeInformation);
}

FORCEINLINE BOOLEAN WdfUsbTargetPipeIsInEndpoint(WDFUSBPIPE Pipe) {
  return R3_WDF(WdfUsbTargetPipeIsInEndpoint, BOOLEAN, WDFUSBPIPE)(WdfDriverGlobals, Pipe);
}

FORCEINLINE BOOLEAN WdfUsbTargetPipeIsOutEndpoint(WDFUSBPIPE Pipe) {
  return R3_WDF(WdfUsbTargetPipeIsOutEndpoint, BOOLEAN, WDFUSBPIPE)(WdfDriverGlobals, Pipe);
}

FORCEINLINE WDF_USB_PIPE_TYPE WdfUsbTargetPipeGetType(WDFUSBPIPE Pipe) {
  return R3_WDF(WdfUsbTargetPipeGetType, WDF_USB_PIPE_TYPE, WDFUSBPIPE)(WdfDriverGlobals, Pipe);
}

FORCEINLINE void WdfUsbTargetPipeSetNoMaximumPacketSizeCheck(WDFUSBPIPE Pipe) {
  R3_WDF(WdfUsbTargetPipeSetNoMaximumPacketSizeCheck, void, WDFUSBPIPE)(WdfDriverGlobals, Pipe);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeWriteSynchronously(WDFUSBPIPE Pipe, WDFREQUEST Request,
                                                        PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                                        PWDF_MEMORY_DESCRIPTOR MemoryDescriptor,
                                                        PULONG BytesWritten) {
  return R3_WDF(WdfUsbTargetPipeWriteSynchronously, NTSTATUS, WDFUSBPIPE, WDFREQUEST,
                PWDF_REQUEST_SEND_OPTIONS, PWDF_MEMORY_DESCRIPTOR, PULONG)
      (WdfDriverGlobals, Pipe, Request, RequestOptions, MemoryDescriptor, BytesWritten);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeFormatRequestForWrite(WDFUSBPIPE Pipe, WDFREQUEST Request,
                                                           WDFMEMORY WriteMemory,
                                                           PWDFMEMORY_OFFSET WriteOffset) {
  return R3_WDF(WdfUsbTargetPipeFormatRequestForWrite, NTSTATUS, WDFUSBPIPE, WDFREQUEST, WDFMEMORY,
                PWDFMEMORY_OFFSET)
      (WdfDriverGlobals, Pipe, Request, WriteMemory, WriteOffset);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeReadSynchronously(WDFUSBPIPE Pipe, WDFREQUEST Request,
                                                       PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                                       PWDF_MEMORY_DESCRIPTOR MemoryDescriptor,
                                                       PULONG BytesRead) {
  return R3_WDF(WdfUsbTargetPipeReadSynchronously, NTSTATUS, WDFUSBPIPE, WDFREQUEST,
                PWDF_REQUEST_SEND_OPTIONS, PWDF_MEMORY_DESCRIPTOR, PULONG)
      (WdfDriverGlobals, Pipe, Request, RequestOptions, MemoryDescriptor, BytesRead);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeFormatRequestForRead(WDFUSBPIPE Pipe, WDFREQUEST Request,
                                                          WDFMEMORY ReadMemory,
                                                          PWDFMEMORY_OFFSET ReadOffset) {
  return R3_WDF(WdfUsbTargetPipeFormatRequestForRead, NTSTATUS, WDFUSBPIPE, WDFREQUEST, WDFMEMORY,
                PWDFMEMORY_OFFSET)
      (WdfDriverGlobals, Pipe, Request, ReadMemory, ReadOffset);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeConfigContinuousReader(
    WDFUSBPIPE Pipe, PWDF_USB_CONTINUOUS_READER_CONFIG Config) {
  return R3_WDF(WdfUsbTargetPipeConfigContinuousReader, NTSTATUS, WDFUSBPIPE,
                PWDF_USB_CONTINUOUS_READER_CONFIG)
      (WdfDriverGlobals, Pipe, Config);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeAbortSynchronously(WDFUSBPIPE Pipe, WDFREQUEST Request,
                                                        PWDF_REQUEST_SEND_OPTIONS RequestOptions) {
  return R3_WDF(WdfUsbTargetPipeAbortSynchronously, NTSTATUS, WDFUSBPIPE, WDFREQUEST,
                PWDF_REQUEST_SEND_OPTIONS)
      (WdfDriverGlobals, Pipe, Request, RequestOptions);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeFormatRequestForAbort(WDFUSBPIPE Pipe, WDFREQUEST Request) {
  return R3_WDF(WdfUsbTargetPipeFormatRequestForAbort, NTSTATUS, WDFUSBPIPE, WDFREQUEST)
      (WdfDriverGlobals, Pipe, Request);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeResetSynchronously(WDFUSBPIPE Pipe, WDFREQUEST Request,
                                                        PWDF_REQUEST_SEND_OPTIONS RequestOptions) {
  return R3_WDF(WdfUsbTargetPipeResetSynchronously, NTSTATUS, WDFUSBPIPE, WDFREQUEST,
                PWDF_REQUEST_SEND_OPTIONS)
      (WdfDriverGlobals, Pipe, Request, RequestOptions);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeFormatRequestForReset(WDFUSBPIPE Pipe, WDFREQUEST Request) {
  return R3_WDF(WdfUsbTargetPipeFormatRequestForReset, NTSTATUS, WDFUSBPIPE, WDFREQUEST)
      (WdfDriverGlobals, Pipe, Request);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeSendUrbSynchronously(WDFUSBPIPE Pipe, WDFREQUEST Request,
                                                          PWDF_REQUEST_SEND_OPTIONS RequestOptions,
                                                          PURB Urb) {
  return R3_WDF(WdfUsbTargetPipeSendUrbSynchronously, NTSTATUS, WDFUSBPIPE, WDFREQUEST,
                PWDF_REQUEST_SEND_OPTIONS, PURB)
      (WdfDriverGlobals, Pipe, Request, RequestOptions, Urb);
}

FORCEINLINE NTSTATUS WdfUsbTargetPipeFormatRequestForUrb(WDFUSBPIPE PIPE, WDFREQUEST Request,
                                                         WDFMEMORY UrbMemory,
                                                         PWDFMEMORY_OFFSET UrbMemoryOffset) {
  return R3_WDF(WdfUsbTargetPipeFormatRequestForUrb, NTSTATUS, WDFUSBPIPE, WDFREQUEST, WDFMEMORY,
                PWDFMEMORY_OFFSET)
      (WdfDriverGlobals, PIPE, Request, UrbMemory, UrbMemoryOffset);
}

FORCEINLINE BYTE WdfUsbInterfaceGetInterfaceNumber(WDFUSBINTERFACE UsbInterface) {
  return R3_WDF(WdfUsbInterfaceGetInterfaceNumber, BYTE, WDFUSBINTERFACE)
      (WdfDriverGlobals, UsbInterface);
}

FORCEINLINE BYTE WdfUsbInterfaceGetNumEndpoints(WDFUSBINTERFACE UsbInterface, UCHAR SettingIndex) {
  return R3_WDF(WdfUsbInterfaceGetNumEndpoints, BYTE, WDFUSBINTERFACE, UCHAR)
      (WdfDriverGlobals, UsbInterface, SettingIndex);
}

FORCEINLINE void WdfUsbInterfaceGetDescriptor(WDFUSBINTERFACE UsbInterface, UCHAR SettingIndex,
                                              PUSB_INTERFACE_DESCRIPTOR InterfaceDescriptor) {
  R3_WDF(WdfUsbInterfaceGetDescriptor, void, WDFUSBINTERFACE, UCHAR, PUSB_INTERFACE_DESCRIPTOR)
      (WdfDriverGlobals, UsbInterface, SettingIndex, InterfaceDescriptor);
}

#if KMDF_VERSION_MINOR >= 5
FORCEINLINE BYTE WdfUsbInterfaceGetNumSettings(WDFUSBINTERFACE UsbInterface) {
  return R3_WDF(WdfUsbInterfaceGetNumSettings, BYTE, WDFUSBINTERFACE)
      (WdfDriverGlobals, UsbInterface);
}

#endif

FORCEINLINE NTSTATUS WdfUsbInterfaceSelectSetting(WDFUSBINTERFACE UsbInterface,
                                                  PWDF_OBJECT_ATTRIBUTES PipesAttributes,
                                                  PWDF_USB_INTERFACE_SELECT_SETTING_PARAMS Params) {
  return R3_WDF(WdfUsbInterfaceSelectSetting, NTSTATUS, WDFUSBINTERFACE, PWDF_OBJECT_ATTRIBUTES,
                PWDF_USB_INTERFACE_SELECT_SETTING_PARAMS)
      (WdfDriverGlobals, UsbInterface, PipesAttributes, Params);
}

FORCEINLINE void WdfUsbInterfaceGetEndpointInformation(WDFUSBINTERFACE UsbInterface,
                                                       UCHAR SettingIndex, UCHAR EndpointIndex,
                                                       PWDF_USB_PIPE_INFORMATION EndpointInfo) {
  R3_WDF(WdfUsbInterfaceGetEndpointInformation, void, WDFUSBINTERFACE, UCHAR, UCHAR,
         PWDF_USB_PIPE_INFORMATION)
      (WdfDriverGlobals, UsbInterface, SettingIndex, EndpointIndex, EndpointInfo);
}

FORCEINLINE BYTE WdfUsbInterfaceGetConfiguredSettingIndex(WDFUSBINTERFACE Interface) {
  return R3_WDF(WdfUsbInterfaceGetConfiguredSettingIndex, BYTE, WDFUSBINTERFACE)
      (WdfDriverGlobals, Interface);
}

FORCEINLINE BYTE WdfUsbInterfaceGetNumConfiguredPipes(WDFUSBINTERFACE UsbInterface) {
  return R3_WDF(WdfUsbInterfaceGetNumConfiguredPipes, BYTE, WDFUSBINTERFACE)
      (WdfDriverGlobals, UsbInterface);
}

FORCEINLINE WDFUSBPIPE WdfUsbInterfaceGetConfiguredPipe(WDFUSBINTERFACE UsbInterface,
                                                        UCHAR PipeIndex,
                                                        PWDF_USB_PIPE_INFORMATION PipeInfo) {
  return R3_WDF(WdfUsbInterfaceGetConfiguredPipe, WDFUSBPIPE, WDFUSBINTERFACE, UCHAR,
                PWDF_USB_PIPE_INFORMATION)
      (WdfDriverGlobals, UsbInterface, PipeIndex, PipeInfo);
}

FORCEINLINE USBD_PIPE_HANDLE WdfUsbTargetPipeWdmGetPipeHandle(WDFUSBPIPE UsbPipe) {
  return R3_WDF(WdfUsbTargetPipeWdmGetPipeHandle, USBD_PIPE_HANDLE, WDFUSBPIPE)
      (WdfDriverGlobals, UsbPipe);
}

R3_END

#endif
#endif
