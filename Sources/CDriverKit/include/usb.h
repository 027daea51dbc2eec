// The USB driver interface, as far as the framework's USB targets name it.
//
// Request blocks are known by address only: no USB stack takes them here.
#ifndef R3_USB_H
#define R3_USB_H

#include "usbspec.h"

typedef LONG USBD_STATUS;
typedef PVOID USBD_PIPE_HANDLE;
typedef PVOID USBD_CONFIGURATION_HANDLE;
typedef PVOID USBD_INTERFACE_HANDLE;

#ifdef R3_HOST
typedef void *PURB;
typedef void *USBD_HANDLE;
#else
typedef struct _URB URB, *PURB;
typedef struct USBD_HANDLE__ *USBD_HANDLE;
#endif

typedef struct _USBD_VERSION_INFORMATION {
  ULONG USBDI_Version;
  ULONG Supported_USB_Version;
} USBD_VERSION_INFORMATION, *PUSBD_VERSION_INFORMATION;

#define USBD_SUCCESS(Status) ((USBD_STATUS)(Status) >= 0)
#define USBD_CLIENT_CONTRACT_VERSION_INVALID 0xFFFFFFFF
#define USBD_CLIENT_CONTRACT_VERSION_602 0x602

#endif
