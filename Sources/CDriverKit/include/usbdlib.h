// USBD.SYS: building request blocks and reading descriptors.
#include "guiddef.h"
#ifndef R3_USBDLIB_H
#define R3_USBDLIB_H

#include "usb.h"

typedef struct _USBD_INTERFACE_LIST_ENTRY {
  PUSB_INTERFACE_DESCRIPTOR InterfaceDescriptor;
  PUSBD_INTERFACE_INFORMATION Interface;
} USBD_INTERFACE_LIST_ENTRY, *PUSBD_INTERFACE_LIST_ENTRY;

#include "usb/build.h"

#ifndef R3_HOST
#ifdef __cplusplus
extern "C" {
#endif

NTSYSAPI NTSTATUS NTAPI USBD_CreateHandle(PDEVICE_OBJECT device, PDEVICE_OBJECT target,
                                          ULONG contractVersion, ULONG poolTag,
                                          USBD_HANDLE *handle);
NTSYSAPI void NTAPI USBD_CloseHandle(USBD_HANDLE handle);
NTSYSAPI NTSTATUS NTAPI USBD_UrbAllocate(USBD_HANDLE handle, PURB *urb);
NTSYSAPI NTSTATUS NTAPI USBD_IsochUrbAllocate(USBD_HANDLE handle, ULONG packetCount, PURB *urb);
NTSYSAPI void NTAPI USBD_UrbFree(USBD_HANDLE handle, PURB urb);
NTSYSAPI NTSTATUS NTAPI USBD_SelectConfigUrbAllocateAndBuild(
    USBD_HANDLE handle, PUSB_CONFIGURATION_DESCRIPTOR descriptor, PUSBD_INTERFACE_LIST_ENTRY list,
    PURB *urb);
NTSYSAPI NTSTATUS NTAPI USBD_SelectInterfaceUrbAllocateAndBuild(
    USBD_HANDLE handle, USBD_CONFIGURATION_HANDLE configuration, PUSBD_INTERFACE_LIST_ENTRY entry,
    PURB *urb);
NTSYSAPI void NTAPI USBD_AssignUrbToIoStackLocation(USBD_HANDLE handle, PIO_STACK_LOCATION location,
                                                    PURB urb);
NTSYSAPI NTSTATUS NTAPI USBD_QueryUsbCapability(USBD_HANDLE handle, const GUID *capability,
                                                ULONG length, PUCHAR buffer, PULONG resultLength);
NTSYSAPI BOOLEAN NTAPI USBD_IsInterfaceVersionSupported(USBD_HANDLE handle, ULONG version);
NTSYSAPI void NTAPI USBD_GetUSBDIVersion(PUSBD_VERSION_INFORMATION version);
NTSYSAPI PURB NTAPI USBD_CreateConfigurationRequest(PUSB_CONFIGURATION_DESCRIPTOR descriptor,
                                                    PUSHORT size);
NTSYSAPI PURB NTAPI USBD_CreateConfigurationRequestEx(PUSB_CONFIGURATION_DESCRIPTOR descriptor,
                                                      PUSBD_INTERFACE_LIST_ENTRY list);
NTSYSAPI ULONG NTAPI USBD_GetInterfaceLength(PUSB_INTERFACE_DESCRIPTOR descriptor, PUCHAR end);
NTSYSAPI PUSB_COMMON_DESCRIPTOR NTAPI USBD_ParseDescriptors(PVOID buffer, ULONG length, PVOID start,
                                                            LONG type);
NTSYSAPI PUSB_INTERFACE_DESCRIPTOR NTAPI USBD_ParseConfigurationDescriptor(
    PUSB_CONFIGURATION_DESCRIPTOR descriptor, UCHAR interfaceNumber, UCHAR alternateSetting);
NTSYSAPI PUSB_INTERFACE_DESCRIPTOR NTAPI USBD_ParseConfigurationDescriptorEx(
    PUSB_CONFIGURATION_DESCRIPTOR descriptor, PVOID start, LONG interfaceNumber,
    LONG alternateSetting, LONG interfaceClass, LONG interfaceSubClass, LONG interfaceProtocol);
NTSYSAPI USBD_STATUS NTAPI USBD_ValidateConfigurationDescriptor(
    PUSB_CONFIGURATION_DESCRIPTOR descriptor, ULONG length, USHORT level, PUCHAR *offset,
    ULONG tag);

#ifdef __cplusplus
}
#endif
#endif

#endif

#ifndef R3_HOST
DEFINE_GUID(GUID_USB_CAPABILITY_CHAINED_MDLS, 0xf5ceeb23, 0xad90, 0x458c, 0x97, 0x9a, 0xd5, 0x9b,
            0x3a, 0xd6, 0x88, 0x4f);
DEFINE_GUID(GUID_USB_CAPABILITY_STATIC_STREAMS, 0x09051e1f, 0x0dc9, 0x4e6b, 0x8b, 0x12, 0x96, 0x0c,
            0xbd, 0x81, 0xaa, 0x8f);
DEFINE_GUID(GUID_USB_CAPABILITY_SELECTIVE_SUSPEND, 0x755c630d, 0xc8a0, 0x4765, 0x94, 0x6f, 0x90,
            0xcc, 0x70, 0x38, 0x56, 0xa4);
DEFINE_GUID(GUID_USB_CAPABILITY_FUNCTION_SUSPEND, 0xf4563183, 0xd66e, 0x42bd, 0xbd, 0x53, 0x1a,
            0xc7, 0xb0, 0x4c, 0xd5, 0x9d);
DEFINE_GUID(GUID_USB_CAPABILITY_HIGH_BANDWIDTH_ISOCH, 0x9c8a8a27, 0x15f9, 0x42e3, 0xa3, 0x56, 0xcd,
            0xa6, 0xae, 0x97, 0xa8, 0xc8);
DEFINE_GUID(GUID_USB_CAPABILITY_DEVICE_CONNECTION_HIGH_SPEED_COMPATIBLE, 0x81a885a6, 0xf239, 0x42a2,
            0x83, 0x97, 0xa5, 0xd9, 0x5b, 0xea, 0x69, 0x53);
DEFINE_GUID(GUID_USB_CAPABILITY_DEVICE_CONNECTION_SUPER_SPEED_COMPATIBLE, 0x8a2f776c, 0x9bd0,
            0x4f29, 0x97, 0x71, 0xc7, 0xa3, 0x88, 0x46, 0xd4, 0xc7);
DEFINE_GUID(GUID_USB_CAPABILITY_TIME_SYNC, 0xbb6e6472, 0x4be5, 0x44a3, 0x96, 0x41, 0x34, 0x5e, 0x56,
            0xac, 0x34, 0x85);
#endif
