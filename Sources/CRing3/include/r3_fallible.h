// Exports that may be refused.
#ifndef R3_FALLIBLE_H
#define R3_FALLIBLE_H

#include <stdint.h>

/// How an export tells a driver that it does not get what it asked for.
typedef enum __attribute__((enum_extensibility(closed))) R3Refusal : uint8_t {
  R3RefusalNull,        // returns 0
  R3RefusalStatus,      // returns STATUS_INSUFFICIENT_RESOURCES
  R3RefusalRaise,       // raises it
  R3RefusalPool,        // by the flags of ExAllocatePool2 in the first argument
  R3RefusalLegacyPool,  // by the POOL_TYPE in the first argument
  R3RefusalQuotaPool,   // the same of the routines that charge a quota
  R3RefusalMapping,     // as MmMapLockedPagesSpecifyCache
  R3RefusalString,      // returns the status, when the BOOLEAN in the third argument says: allocate
} R3Refusal;

/// An export that may fail for want of memory, as a stub of the class "low resources" needs it.
typedef struct R3Fallible {
  const void *_Nonnull handler;   // 0x00 gets the arguments in a row, and this; gives the result
  const void *_Nonnull function;  // 0x08 the export itself
  const char *_Nonnull name;
  uint32_t argumentCount;
  R3Refusal refusal;
  int8_t tag;     // which argument is a pool tag; -1 for none
  int8_t result;  // which argument is where the result goes, a pointer that is cleared; -1 for none
} R3Fallible;

#endif
