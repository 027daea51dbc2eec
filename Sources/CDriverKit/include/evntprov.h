// Events of a provider. No session listens in this system, and the functions say so.
#ifndef R3_EVNTPROV_H
#define R3_EVNTPROV_H

#include "ntdef.h"

#define EVENT_MIN_LEVEL 0
#define EVENT_MAX_LEVEL 0xff

typedef struct _EVENT_DESCRIPTOR {
  USHORT Id;
  UCHAR Version;
  UCHAR Channel;
  UCHAR Level;
  UCHAR Opcode;
  USHORT Task;
  ULONGLONG Keyword;
} EVENT_DESCRIPTOR, *PEVENT_DESCRIPTOR;
typedef const EVENT_DESCRIPTOR *PCEVENT_DESCRIPTOR;

typedef struct _EVENT_DATA_DESCRIPTOR {
  ULONGLONG Ptr;
  ULONG Size;
  ULONG Reserved;
} EVENT_DATA_DESCRIPTOR, *PEVENT_DATA_DESCRIPTOR;

typedef struct _EVENT_FILTER_DESCRIPTOR {
  ULONGLONG Ptr;
  ULONG Size;
  ULONG Type;
} EVENT_FILTER_DESCRIPTOR, *PEVENT_FILTER_DESCRIPTOR;

R3_CODE(void, ETWENABLECALLBACK,
        (const GUID *SourceId, ULONG ControlCode, UCHAR Level, ULONGLONG MatchAnyKeyword,
         ULONGLONG MatchAllKeyword, PEVENT_FILTER_DESCRIPTOR FilterData, PVOID CallbackContext));

#define EVENT_ACTIVITY_CTRL_GET_ID 1
#define EVENT_ACTIVITY_CTRL_SET_ID 2
#define EVENT_ACTIVITY_CTRL_CREATE_ID 3
#define EVENT_ACTIVITY_CTRL_GET_SET_ID 4
#define EVENT_ACTIVITY_CTRL_CREATE_SET_ID 5
#define EVENT_CONTROL_CODE_DISABLE_PROVIDER 0
#define EVENT_CONTROL_CODE_ENABLE_PROVIDER 1

#ifndef R3_HOST

R3_BEGIN

NTKERNELAPI NTSTATUS NTAPI EtwRegister(const GUID *provider, PETWENABLECALLBACK callback,
                                       PVOID context, PREGHANDLE handle);
NTKERNELAPI NTSTATUS NTAPI EtwUnregister(REGHANDLE handle);
NTKERNELAPI BOOLEAN NTAPI EtwEventEnabled(REGHANDLE handle, PCEVENT_DESCRIPTOR descriptor);
NTKERNELAPI BOOLEAN NTAPI EtwProviderEnabled(REGHANDLE handle, UCHAR level, ULONGLONG keyword);
NTKERNELAPI NTSTATUS NTAPI EtwActivityIdControl(ULONG code, GUID *identifier);
NTKERNELAPI NTSTATUS NTAPI EtwWrite(REGHANDLE handle, PCEVENT_DESCRIPTOR descriptor,
                                    const GUID *activity, ULONG count,
                                    PEVENT_DATA_DESCRIPTOR data);
NTKERNELAPI NTSTATUS NTAPI EtwWriteTransfer(REGHANDLE handle, PCEVENT_DESCRIPTOR descriptor,
                                            const GUID *activity, const GUID *related,
                                            ULONG count, PEVENT_DATA_DESCRIPTOR data);
NTKERNELAPI NTSTATUS NTAPI EtwWriteString(REGHANDLE handle, UCHAR level, ULONGLONG keyword,
                                          const GUID *activity, PCWSTR text);
NTKERNELAPI NTSTATUS NTAPI EtwSetInformation(REGHANDLE handle, ULONG kind, PVOID buffer,
                                             ULONG length);

FORCEINLINE void EventDataDescCreate(PEVENT_DATA_DESCRIPTOR target, const void *data, ULONG size) {
  target->Ptr = (ULONGLONG)(ULONG_PTR)data;
  target->Size = size;
  target->Reserved = 0;
}

R3_END

#endif
#endif
