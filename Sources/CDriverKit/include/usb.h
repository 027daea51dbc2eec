// The USB driver interface: request blocks (URBs), their functions and status codes.
#ifndef R3_USB_H
#define R3_USB_H

#include "usbspec.h"

#define USBDI_VERSION 0x00000600
#define USB_DEFAULT_DEVICE_ADDRESS 0
#define USB_DEFAULT_ENDPOINT_ADDRESS 0
#define USB_DEFAULT_MAX_PACKET 64
#define URB_FROM_IRP(Irp) ((IoGetCurrentIrpStackLocation(Irp))->Parameters.Others.Argument1)

#include "usb/functions.h"
#include "usb/status.h"
#include "usb/types.h"

#include "usb/requests.h"
#include "usb/transfers.h"

#include "usb/urb.h"

#endif
