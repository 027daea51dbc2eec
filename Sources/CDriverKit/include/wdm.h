// The Windows Driver Model: what function, filter and bus drivers include.
#ifndef R3_WDM_H
#define R3_WDM_H

#include "ntdef.h"
#include "ntstatus.h"

#include "wdm/context.h"
#include "wdm/csq.h"
#include "wdm/device.h"
#include "wdm/dispatcher.h"
#include "wdm/fastio.h"
#include "wdm/file.h"
#include "wdm/irp.h"
#include "wdm/mdl.h"
#include "wdm/pnp.h"
#include "wdm/pool.h"
#include "wdm/power.h"
#include "wdm/resources.h"
#include "wdm/runtime.h"
#include "wdm/security.h"
#include "wdm/shared-data.h"
#include "wdm/sync.h"

#endif
