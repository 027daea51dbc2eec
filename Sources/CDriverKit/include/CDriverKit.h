// What Swift imports: the structures and constants of the driver kit, without its functions.
#ifndef CDRIVERKIT_H
#define CDRIVERKIT_H

#include "ntdef.h"
#include "ntstatus.h"
#include "ntddk.h"
#include "ntifs.h"
#include "usbbusif.h"
#include "usbdlib.h"
#include "usbioctl.h"
#include "wdf.h"
#include "wdfusb.h"
#include "wdm.h"
#include "wmilib.h"

#include "host/fields.h"
#include "host/module-entry.h"

#endif
