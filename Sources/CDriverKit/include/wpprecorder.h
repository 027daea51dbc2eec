// The trace recorder: it is asked for logs and has none to give.
#ifndef R3_WPPRECORDER_H
#define R3_WPPRECORDER_H

#include "wdm.h"
#ifndef R3_HOST

typedef struct R3RecorderLog *RECORDER_LOG;
#define RECORDER_LOG_IDENTIFIER_MAX_CHARS 16

typedef struct _RECORDER_LOG_CREATE_PARAMS {
  ULONG Size;
  ULONG TotalBufferSize;
  ULONG ErrorPartitionSize;
  CHAR LogIdentifier[RECORDER_LOG_IDENTIFIER_MAX_CHARS];
} RECORDER_LOG_CREATE_PARAMS, *PRECORDER_LOG_CREATE_PARAMS;

typedef struct _RECORDER_CONFIGURE_PARAMS {
  ULONG Size;
  BOOLEAN CreateDefaultLog;
} RECORDER_CONFIGURE_PARAMS, *PRECORDER_CONFIGURE_PARAMS;

FORCEINLINE void RECORDER_LOG_CREATE_PARAMS_INIT(PRECORDER_LOG_CREATE_PARAMS parameters,
                                                 PCSTR identifier) {
  memset(parameters, 0, sizeof(*parameters));
  parameters->Size = sizeof(*parameters);
  if (identifier != NULL) {
    ULONG index = 0;
    while (index + 1 < RECORDER_LOG_IDENTIFIER_MAX_CHARS && identifier[index] != 0) {
      parameters->LogIdentifier[index] = identifier[index];
      index++;
    }
  }
}
FORCEINLINE void RECORDER_CONFIGURE_PARAMS_INIT(PRECORDER_CONFIGURE_PARAMS parameters) {
  parameters->Size = sizeof(*parameters);
  parameters->CreateDefaultLog = TRUE;
}
// No log is made, and callers go on without one: tracing is not for this system.
FORCEINLINE NTSTATUS WppRecorderLogCreate(PRECORDER_LOG_CREATE_PARAMS parameters,
                                          RECORDER_LOG *log) {
  (void)parameters;
  *log = NULL;
  return STATUS_NOT_SUPPORTED;
}
FORCEINLINE void WppRecorderLogDelete(RECORDER_LOG log) { (void)log; }
FORCEINLINE RECORDER_LOG WppRecorderLogGetDefault(void) { return NULL; }
FORCEINLINE BOOLEAN WppRecorderIsDefaultLogAvailable(void) { return FALSE; }
FORCEINLINE void WppRecorderConfigure(PRECORDER_CONFIGURE_PARAMS parameters) { (void)parameters; }

#endif
#endif
