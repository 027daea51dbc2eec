// What the drivers have in common that make an event without a name and use its handle. A driver
// defines, before it includes this, which parts are its own, as for defect.h.
#pragma once
#include "defect.h"

static __inline NTSTATUS DefectEvent(HANDLE *Handle, ULONG Flags) {
  OBJECT_ATTRIBUTES attributes;
  InitializeObjectAttributes(&attributes, NULL, Flags, NULL, NULL);
  return ZwCreateEvent(Handle, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
}
