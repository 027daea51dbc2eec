// The load configuration: where a loader finds the stack cookie and the control-flow guard tables.

typedef unsigned long long Word;

extern Word __security_cookie;
extern void *__guard_fids_table[], *__guard_fids_count[], *__guard_flags[];

__attribute__((naked)) static void checkNothing(void) { __asm__("ret"); }
__attribute__((naked)) static void dispatchDirectly(void) { __asm__("jmp *%rax"); }

// Without a loader that knows better, a guarded call just happens.
__attribute__((section(".00cfg"))) void *const __guard_check_icall_fptr = (void *)checkNothing;
__attribute__((section(".00cfg"))) void *const __guard_dispatch_icall_fptr =
    (void *)dispatchDirectly;

const struct {
  unsigned size, timeStamp;
  unsigned short major, minor;
  unsigned globalFlagsClear, globalFlagsSet, criticalSectionTimeout;
  Word freeBlockThreshold, totalFreeThreshold, lockPrefixTable, maximumAllocation;
  Word virtualMemoryThreshold, affinity;
  unsigned heapFlags;
  unsigned short csdVersion, dependentLoadFlags;
  Word editList;
  Word *securityCookie;
  Word handlerTable, handlerCount;
  const void *guardCheck, *guardDispatch;
  void *guardTable, *guardCount;
  void *guardFlags;  // 32 bits of it count
} _load_config_used = {
    .size = 0x94,
    .securityCookie = &__security_cookie,
    .guardCheck = &__guard_check_icall_fptr,
    .guardDispatch = &__guard_dispatch_icall_fptr,
    .guardTable = __guard_fids_table,
    .guardCount = __guard_fids_count,
    .guardFlags = __guard_flags,
};

_Static_assert(__builtin_offsetof(__typeof__(_load_config_used), securityCookie) == 0x58, "");
_Static_assert(__builtin_offsetof(__typeof__(_load_config_used), guardFlags) == 0x90, "");
