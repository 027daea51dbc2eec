// Installable file systems and filters.
#ifndef R3_NTIFS_H
#define R3_NTIFS_H

#ifndef _NTIFS_
#define _NTIFS_
#define _NTIFS_INCLUDED_
#endif

#include "ntddk.h"

#include "ntifs/api.h"
#include "ntifs/cache.h"
#include "ntifs/files.h"
#include "ntifs/filesystem.h"
#include "ntifs/fsctl.h"
#include "ntifs/fsrtl.h"
#include "ntifs/types.h"

#endif
