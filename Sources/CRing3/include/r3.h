// The boundary between Swift, a driver and the host processor.
//
// Nothing here decides anything: calls are converted, stacks are switched, faults are captured.
#ifndef R3_H
#define R3_H

#include <stddef.h>
#include <stdint.h>

#include "r3_fallible.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// The registers that a driver function expects unchanged after a call, saved when it called an export.
///
/// Frames form a chain from the newest to the oldest; the assembly in `entry.S` knows the offsets.
typedef struct R3Frame {
  struct R3Frame *previous;  // 0x00
  uint64_t rip;              // 0x08 where the driver goes on
  uint64_t rsp;              // 0x10 its stack pointer after the return
  uint64_t rbx, rbp, rdi, rsi, r12, r13, r14, r15;  // 0x18 … 0x50
  uint64_t target;           // 0x58 the Swift function that was called
  __uint128_t xmm[10];       // 0x60 xmm6 … xmm15
} R3Frame;

/// One host thread inside one machine. GS points here; the head looks like a KPCR to a driver.
typedef struct R3Thread {
  uint8_t pcrHead[0x18];
  struct R3Thread *self;       // 0x018 KPCR.Self
  void *prcb;                  // 0x020 KPCR.CurrentPrcb
  uint8_t pcr28[0x50 - 0x28];
  uint8_t irql;                // 0x050 KPCR.Irql: the level of this thread
  uint8_t apcsDisabled;        // 0x051 nonzero in a critical or guarded region; written by this thread
  uint8_t pcr52[2];
  uint32_t attention;          // 0x054 what the thread must look at as it leaves; owned by Machine
  uint8_t pcr58[0x180 - 0x58];
  uint32_t mxCsr;              // 0x180 the KPRCB begins here
  uint8_t processorNumber;     // 0x184
  uint8_t pcr185[3];
  void *currentThread;         // 0x188 the ETHREAD that a driver sees
  uint8_t pcr190[0x200 - 0x190];

  R3Frame *frames;             // 0x200 newest call from driver code into an export
  uint64_t stackLimit;         // 0x208 lowest usable address of the kernel stack
  uint64_t stackBase;          // 0x210 one past its highest address
  uint64_t hostStack;          // 0x218 saved host stack pointer; 0 when not on the kernel stack
  const volatile uint32_t *halted;  // 0x220 the machine's flag: nonzero after a bug check
  void *machine;               // 0x228 MachineState
  void *process;               // 0x230 the process whose address space is current
  void *processor;             // 0x238 owned by Machine
  void *context;               // 0x240 the top of the stack of thread-borrowings; owned by Machine
  uint64_t unused[2];          // 0x248
  void *request;               // 0x258 the call of a program in hand
  void *poolCache;             // 0x260 owned by Memory
  void *irpCache;              // 0x268 owned by IOManager
  void *slots[12];             // 0x270 … for upper layers, see Machine/Thread
  uint64_t entryBase;          // 0x2D0 stack pointer that the next r3_enter starts from
  uint64_t interruptsOff;      // 0x2D8 1 after cli, until sti
} R3Thread;

/// The thread that runs here, or NULL when the host thread is in no machine.
extern __thread R3Thread *r3_thread __attribute__((tls_model("initial-exec")));

static inline R3Thread *_Nullable r3_current(void) { return r3_thread; }

/// Makes `thread` the current one of this host thread (GS, thread-local, signal stack) or, with NULL, none.
///
/// Sets `self`, and `halted` when it is NULL. The signal stack is made at the first call and goes with
/// the host thread.
void r3_bind(R3Thread *_Nullable thread);

/// A flag that is never set, for `halted`.
const volatile uint32_t *_Nonnull r3_never_halted(void);

/// The value of r3_enter when the thread left because another one halted the machine.
#define R3_LEFT_HALTED 0x5233000000000001ull

/// Runs `body(argument)` on the thread's kernel stack and returns its value.
///
/// Called on the kernel stack already (`hostStack` is not 0), it just calls. Starts at `entryBase`, or at
/// `stackBase` when that is 0; both are multiples of 16.
uint64_t r3_enter(R3Thread *_Nonnull thread, uint64_t (*_Nonnull body)(void *_Nullable),
                  void *_Nullable argument);

/// Abandons the kernel stack: the r3_enter that switched to it returns `value`. Does not return.
///
/// The chain of frames is again what it was at that r3_enter, and so are the Swift runtime's records of
/// open accesses. Not marked noreturn: the compiler would add work before the call.
void r3_leave(R3Thread *_Nonnull thread, uint64_t value);

// Calls a Microsoft-convention function with integer arguments.
uint64_t r3_call0(const void *_Nonnull f);
uint64_t r3_call1(const void *_Nonnull f, uint64_t a);
uint64_t r3_call2(const void *_Nonnull f, uint64_t a, uint64_t b);
uint64_t r3_call3(const void *_Nonnull f, uint64_t a, uint64_t b, uint64_t c);
uint64_t r3_call4(const void *_Nonnull f, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
uint64_t r3_call5(const void *_Nonnull f, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e);
uint64_t r3_call6(const void *_Nonnull f, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                  uint64_t g);
uint64_t r3_call8(const void *_Nonnull f, const uint64_t *_Nonnull arguments);
uint64_t r3_callN(const void *_Nonnull f, const uint64_t *_Nonnull arguments, uint64_t count);

/// The entries that import stubs jump to, with RAX = Swift function, R10D = number of arguments.
///
/// When `*halted` is not 0 as the export returns, the thread leaves with R3_LEFT_HALTED. The thread that
/// halts the machine and still runs driver code (bug check callbacks) first points its own `halted`
/// elsewhere.
void r3_export_entry4(void);   // up to 4 arguments
void r3_export_entry6(void);   // 5 or 6
void r3_export_entryN(void);   // 7 and more
void r3_export_entryVariadic(void);
void r3_export_entryFallible(void);  // with RAX = R3Fallible

/// The size of a stub, whose place is to be writable now and executable and readable later.
#define R3_STUB_SIZE 32

/// Writes the machine code of an import: a call of `target` (System V, `argumentCount` integers) from a
/// driver.
///
/// A variadic target gets one pointer to all arguments, the fixed ones first.
void r3_make_stub(uint8_t *_Nonnull at, const void *_Nonnull target, unsigned argumentCount, int variadic);

/// Writes the machine code of an import that nobody implements: calls `handler(name)`.
void r3_make_missing_stub(uint8_t *_Nonnull at, const void *_Nonnull handler, const char *_Nonnull name);

/// Writes the machine code of an import that may be refused: calls `fallible->handler`.
void r3_make_fallible_stub(uint8_t *_Nonnull at, const R3Fallible *_Nonnull fallible);

/// Calls an export, System V, with arguments that lie in a row: at most 16.
uint64_t r3_pass(const void *_Nonnull function, const uint64_t *_Nonnull arguments, unsigned count);

/// At which levels a routine may be called, for a stub that looks; it lies beside the stub.
typedef struct R3LevelRecord {
  const char *_Nonnull name;     // of the routine
  const void *_Nonnull next;     // the routine, in the Microsoft convention
  // Called with the record when the level is another; the call goes on when it returns.
  void (*_Nonnull handler)(const struct R3LevelRecord *_Nonnull record);
  uint32_t rule;                 // for the handler
  uint8_t lowest, highest;
} R3LevelRecord;

/// The size of a stub that looks at the level, and of its record after it.
#define R3_LEVEL_STUB_SIZE 64
#define R3_LEVEL_RECORD_SIZE 32

/// Writes the machine code that compares the level of the thread with a record, and goes on with the
/// record's routine.
void r3_make_level_stub(uint8_t *_Nonnull at, const R3LevelRecord *_Nonnull record);

// Exports in the Microsoft convention, to be bound without a stub. They use volatile registers only.
// Declared without parameters, for their address.
void r3_leaf_memcpy(void);  // the same as memmove
void r3_leaf_memmove(void);
void r3_leaf_memset(void);
void r3_leaf_memcmp(void);
void r3_leaf_RtlZeroMemory(void);
void r3_leaf_RtlFillMemory(void);
void r3_leaf_RtlCompareMemory(void);
void r3_leaf_KeGetCurrentIrql(void);
void r3_leaf_PsGetCurrentThread(void);
void r3_leaf_nothing(void);
void r3_leaf_chkstk(void);

/// The code in which a fault is the fault of the driver that called (all leaves but chkstk).
extern const char r3_leaf_begin[], r3_leaf_end[];

#pragma clang diagnostic pop
#endif
