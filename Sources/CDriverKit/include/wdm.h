// The Windows Driver Model: what function, filter and bus drivers include.
#ifndef R3_WDM_H
#define R3_WDM_H

#include "bugcodes.h"
#include "ntdef.h"
#include "ntstatus.h"

#include "wdm/callbacks.h"
#include "wdm/context.h"
#include "wdm/csq.h"
#include "wdm/device.h"
#include "wdm/dispatcher.h"
#include "wdm/dma.h"
#include "wdm/fastio.h"
#include "wdm/file.h"
#include "wdm/interrupts.h"
#include "wdm/irp-codes.h"
#include "wdm/irp.h"
#include "wdm/mdl.h"
#include "wdm/pnp.h"
#include "wdm/pool.h"
#include "wdm/power.h"
#include "wdm/power-framework.h"
#include "wdm/registry.h"
#include "wdm/resources.h"
#include "wdm/runtime.h"
#include "wdm/security.h"
#include "wdm/shared-data.h"
#include "wdm/sync.h"
#include "wdm/system.h"

// Functions: nothing of them is for the host.
#include "wdm/api/debug.h"
#include "wdm/api/ex.h"
#include "wdm/api/hal.h"
#include "wdm/api/interlocked.h"
#include "wdm/api/io.h"
#include "wdm/api/ke.h"
#include "wdm/api/lists.h"
#include "wdm/api/mm.h"
#include "wdm/api/ob.h"
#include "wdm/api/rtl.h"
#include "wdm/api/zw.h"

#ifndef R3_HOST
#define _WDMDDK_
#define STATICGUIDOF(Guid) STATIC_##Guid
#define _WDM_INCLUDED_
#include "crt/ctype.h"
#endif

#endif
