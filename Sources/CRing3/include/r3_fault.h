// Faults of driver code, and the ground on which exceptions are dispatched and unwound.
#ifndef R3_FAULT_H
#define R3_FAULT_H

#include "r3.h"
#include "r3_context.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// What a faulting access wanted, with the numbers of an access violation's first parameter.
typedef enum R3Access : uint32_t {
  R3AccessRead = 0,
  R3AccessWrite = 1,
  R3AccessExecute = 8,
} R3Access;

/// A fault while a thread was on its kernel stack, as the host reported it.
typedef struct R3Fault {
  R3Registers registers;  // may be changed by a judge that resumes
  uint64_t flags;         // RFLAGS; likewise
  uint64_t address;       // of the data or instruction, when hasAddress
  int32_t signal;
  int32_t code;           // si_code
  uint32_t trap;          // number of the processor's exception
  uint32_t error;         // its error code
  R3Access access;
  uint8_t hasAddress;
  uint8_t isProtection;   // something is mapped there, but not for this access
  uint8_t padding[2];

  // For R3VerdictStep: registers[stepRegister] grows by stepDelta for one instruction.
  uint32_t stepRegister;
  uint64_t stepDelta;

  // For the raising verdicts.
  R3ExceptionRecord record;
  uint32_t bugCheck;      // not 0: no handler is asked
  uint64_t parameters[4];
  const char *subject;    // name for the report
} R3Fault;

/// What is to happen after a fault.
typedef enum R3Verdict : uint32_t {
  /// The thread goes on with the registers in the R3Fault.
  R3VerdictResume,
  /// One instruction runs with another value in a register; then the thread goes on.
  R3VerdictStep,
  /// `dispatch` is called on the faulting stack, with the faulting registers.
  R3VerdictRaise,
  /// The fault was in host code that a driver called: `dispatch` is called with the registers of the
  /// newest frame, which is unlinked. The host code between is abandoned.
  R3VerdictRaiseInCaller,
  /// A mistake of the host program: the handler that was there before ours gets the signal.
  R3VerdictHost,
} R3Verdict;

/// One access of a driver to an I/O port.
typedef struct R3PortAccess {
  uint16_t port;
  uint8_t size;  // 1, 2 or 4
  uint8_t isWrite;
  uint32_t value;
} R3PortAccess;

/// `R3Frame.target` of frames that do not stand for a call of an export.
#define R3_FRAME_DISPATCH 1  // an R3Dispatch: its registers are those of `context`
#define R3_FRAME_UNWIND 2    // an R3Unwind: a walk from here goes on where that unwind has come to

/// An exception that is being dispatched, on the stack where it happened.
typedef struct R3Dispatch {
  R3Frame frame;      // linked while handlers run
  R3Context context;  // where it happened
  R3Context walk;     // for the walk over the frames
  R3DispatcherContext dispatcher;
  R3ExceptionRecord record;
  R3Fault fault;      // bugCheck, parameters and subject are 0 for an exception raised by software
} R3Dispatch;

/// An unwind under way.
typedef struct R3Unwind {
  R3Frame frame;      // linked while handlers run
  R3Context context;  // the frame that it has come to
  R3Context next;     // the caller of that frame
  R3DispatcherContext dispatcher;
  R3ExceptionRecord record;  // for an unwind without one of its own
  // What was asked for.
  uint64_t targetFrame, targetIp, value;
  R3ExceptionRecord *given;
} R3Unwind;

/// The functions that decide; all run on a kernel thread.
typedef struct R3FaultHooks {
  /// Says what becomes of a fault. Runs in the signal handler: allocates nothing, takes no host lock.
  R3Verdict (*judge)(R3Thread *_Nonnull thread, R3Fault *_Nonnull fault);
  /// Finds a handler for the exception or ends the machine. Does not return.
  void (*dispatch)(R3Thread *_Nonnull thread, R3Dispatch *_Nonnull dispatch);
  /// Does what r3_unwind was asked for. Does not return.
  void (*unwind)(R3Thread *_Nonnull thread, R3Unwind *_Nonnull unwind);
  /// Records that the kernel stack is used up, or the stack pointer wrong. Runs in the signal handler;
  /// when it returns the thread leaves.
  void (*stackFault)(R3Thread *_Nonnull thread, R3Fault *_Nonnull fault);
} R3FaultHooks;

/// Catches the faults of kernel threads from now on; faults of the host go to whoever had them before.
void r3_faults_install(const R3FaultHooks *_Nonnull hooks);

/// Raises `record` in the driver that called the newest export. Does not return.
///
/// The context is that of the newest frame, which is unlinked.
void r3_raise_in_caller(R3Thread *_Nonnull thread, const R3ExceptionRecord *_Nonnull record);

/// Starts an unwind from the newest frame, which is unlinked. Does not return.
void r3_unwind(R3Thread *_Nonnull thread, uint64_t targetFrame, uint64_t targetIp,
               R3ExceptionRecord *_Nullable record, uint64_t value);

/// Loads all registers and flags from `context`. Does not return.
///
/// Frames and runtime records of the stack below its RSP are dropped first.
void r3_resume(R3Thread *_Nonnull thread, const R3Context *_Nonnull context);

/// Writes the driver's registers of `frame` to `context`; the other registers become 0.
void r3_context_from_frame(R3Context *_Nonnull context, const R3Frame *_Nonnull frame);

/// Makes the thread call `function(argument)` before it goes on at `registers.rip`, all registers kept.
///
/// For a judge that then resumes. The function may change them: see r3_injected_register.
void r3_inject_call(R3Fault *_Nonnull fault, uint64_t (*_Nonnull function)(uint64_t), uint64_t argument);

// In a function that r3_inject_call has called, with the newest frame of the thread: what the thread
// goes on with. The assembly in resume.S has pushed it below the thread's stack pointer.

static inline uint64_t *_Nonnull r3_injected_rip(R3Frame *_Nonnull frame) {
  return (uint64_t *)(frame->rsp - 8);
}
static inline uint64_t *_Nonnull r3_injected_flags(R3Frame *_Nonnull frame) {
  return (uint64_t *)(frame->rsp - 32);
}
/// The register with number `index` in machine code; RSP cannot be changed.
static inline uint64_t *_Nonnull r3_injected_register(R3Frame *_Nonnull frame, uint32_t index) {
  uint64_t *saved = (uint64_t *)(frame->rsp - 96);
  switch (index & 15) {
  case 0: return saved + 7;
  case 1: return saved + 6;
  case 2: return saved + 5;
  case 3: return &frame->rbx;
  case 4: return &frame->rsp;
  case 5: return saved;
  case 6: return &frame->rsi;
  case 7: return &frame->rdi;
  case 8: return saved + 4;
  case 9: return saved + 3;
  case 10: return saved + 2;
  case 11: return saved + 1;
  case 12: return &frame->r12;
  case 13: return &frame->r13;
  case 14: return &frame->r14;
  default: return &frame->r15;
  }
}

static inline R3Context *_Nonnull r3_dispatch_context(R3Dispatch *_Nonnull d) { return &d->context; }
static inline R3Context *_Nonnull r3_dispatch_walk(R3Dispatch *_Nonnull d) { return &d->walk; }
static inline R3ExceptionRecord *_Nonnull r3_dispatch_record(R3Dispatch *_Nonnull d) { return &d->record; }
static inline R3DispatcherContext *_Nonnull r3_dispatch_dispatcher(R3Dispatch *_Nonnull d) {
  return &d->dispatcher;
}
static inline R3Context *_Nonnull r3_unwind_context(R3Unwind *_Nonnull u) { return &u->context; }
static inline R3Context *_Nonnull r3_unwind_next(R3Unwind *_Nonnull u) { return &u->next; }
static inline R3ExceptionRecord *_Nonnull r3_unwind_record(R3Unwind *_Nonnull u) { return &u->record; }
static inline R3DispatcherContext *_Nonnull r3_unwind_dispatcher(R3Unwind *_Nonnull u) {
  return &u->dispatcher;
}

/// The register with number `index` in machine code.
static inline uint64_t *_Nonnull r3_register(R3Registers *_Nonnull registers, uint32_t index) {
  return &registers->rax + index;
}

// Exports about contexts that must see the driver's registers.
void r3_leaf_RtlCaptureContext(void);
void r3_leaf_setjmp(void);

/// Puts what setjmp kept into `context`.
void r3_context_from_jump(R3Context *_Nonnull context, const R3JumpBuffer *_Nonnull jump);

// Ranges of the boundary's assembly.
extern const char r3_leaf_parked_begin[], r3_leaf_parked_end[], r3_entry_begin[], r3_entry_end[];
extern const char r3_leaf_held_begin[], r3_leaf_held_end[];

/// Whether `address` is in a leaf export: a fault there is one of the driver that called it.
static inline _Bool r3_is_leaf(uint64_t address) {
  return address >= (uint64_t)r3_leaf_begin && address < (uint64_t)r3_leaf_end;
}
/// Whether RDI and RSI of the driver are in R10 and R11 at `address`.
static inline _Bool r3_is_parked(uint64_t address) {
  return address >= (uint64_t)r3_leaf_parked_begin && address < (uint64_t)r3_leaf_parked_end;
}
/// Whether RBX of the driver is in R10 at `address`.
static inline _Bool r3_is_held(uint64_t address) {
  return address >= (uint64_t)r3_leaf_held_begin && address < (uint64_t)r3_leaf_held_end;
}
/// Whether `address` is in the entry of exports.
static inline _Bool r3_is_entry(uint64_t address) {
  return address >= (uint64_t)r3_entry_begin && address < (uint64_t)r3_entry_end;
}

#pragma clang diagnostic pop
#endif
