// Structured traces. No session listens in this system: providers register, events go nowhere.
#ifndef R3_TRACELOGGINGPROVIDER_H
#define R3_TRACELOGGINGPROVIDER_H

#include "wdm.h"
#ifndef R3_HOST

struct _tlgProvider_t {
  ULONG Registered;
};
typedef struct _tlgProvider_t *TraceLoggingHProvider;

#define TRACELOGGING_DECLARE_PROVIDER(Name) EXTERN_C struct _tlgProvider_t R3Provider##Name; \
  static const TraceLoggingHProvider Name __attribute__((unused)) = &R3Provider##Name
#define TRACELOGGING_DEFINE_PROVIDER(Name, Text, Identifier, ...) \
  EXTERN_C struct _tlgProvider_t R3Provider##Name = {0};          \
  static const TraceLoggingHProvider Name __attribute__((unused)) = &R3Provider##Name
#define TRACELOGGING_DEFINE_PROVIDER_STORAGE(Storage, ...) \
  static struct _tlgProvider_t Storage = {0}

FORCEINLINE NTSTATUS TraceLoggingRegister(TraceLoggingHProvider provider) {
  provider->Registered = 1;
  return STATUS_SUCCESS;
}
FORCEINLINE void TraceLoggingUnregister(TraceLoggingHProvider provider) {
  provider->Registered = 0;
}
#define TraceLoggingRegisterEx(Provider, Callback, Context) TraceLoggingRegister(Provider)
#define TraceLoggingProviderEnabled(Provider, Level, Keyword) FALSE
#define TraceLoggingWrite(Provider, ...) ((void)(Provider))
#define TraceLoggingWriteActivity(Provider, ...) ((void)(Provider))

#define WINEVENT_LEVEL_LOG_ALWAYS 0
#define WINEVENT_LEVEL_CRITICAL 1
#define WINEVENT_LEVEL_ERROR 2
#define WINEVENT_LEVEL_WARNING 3
#define WINEVENT_LEVEL_INFO 4
#define WINEVENT_LEVEL_VERBOSE 5

#endif
#endif
