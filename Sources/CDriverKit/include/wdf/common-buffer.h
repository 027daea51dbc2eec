// Memory that a device and its driver share.
#ifndef R3_WDF_COMMON_BUFFER_H
#define R3_WDF_COMMON_BUFFER_H

#include "base.h"

typedef struct _WDF_COMMON_BUFFER_CONFIG {
  ULONG Size;
  ULONG AlignmentRequirement;
} WDF_COMMON_BUFFER_CONFIG, *PWDF_COMMON_BUFFER_CONFIG;

#endif
