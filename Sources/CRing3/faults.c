// From a signal of the host to the functions that decide.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include "accesses.h"
#include "r3_fault.h"
#include "signals.h"

void r3_call_on_stack(void *stack, void (*function)(void *, void *), void *a, void *b);
void r3_injected(void);

static R3FaultHooks hooks;

// The instruction that runs with a changed register, if any.
static __thread struct {
  int isActive;
  uint32_t index;
  uint64_t original, changed;
} step;

#define TRAP_FLAG 0x100u
#define DIRECTION_FLAG 0x400u
#define GUARD_SIZE 0x4000u
#define RED_ZONE 128u
#define SINGLE_STEP_TRAP 1

// MARK: Signals that are the host's

static struct sigaction previous[faultSignalCount];

static void pass(int signal, siginfo_t *info, void *context) {
  for (int i = 0; i < faultSignalCount; i++) {
    if (faultSignals[i] != signal) continue;
    if (previous[i].sa_flags & SA_SIGINFO) {
      previous[i].sa_sigaction(signal, info, context);
    } else if (previous[i].sa_handler == SIG_DFL || previous[i].sa_handler == SIG_IGN) {
      // The instruction faults again, now to its end. A signal that somebody sent is sent again.
      sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
      if (info->si_code <= 0) raise(signal);
    } else {
      previous[i].sa_handler(signal);
    }
    return;
  }
}

// MARK: Registers of the host's context

static const int order[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI, REG_R8,
                            REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
enum { orderCount = sizeof order / sizeof order[0] };

static void readRegisters(R3Fault *fault, const greg_t *from) {
  for (int i = 0; i < orderCount; i++) *r3_register(&fault->registers, i) = from[order[i]];
  fault->flags = from[REG_EFL];
}

static void writeRegisters(const R3Fault *fault, greg_t *to) {
  const uint64_t *registers = &fault->registers.rax;
  for (int i = 0; i < orderCount; i++) to[order[i]] = registers[i];
  to[REG_EFL] = fault->flags;
}

static void setSegments(R3Context *context) {
  context->contextFlags = R3_CONTEXT_FULL;
  context->segCs = 0x10;
  context->segSs = 0x18;
  context->segDs = context->segEs = context->segGs = 0x2B;
  context->segFs = 0x53;
}

static void readContext(R3Context *context, const R3Fault *fault, const ucontext_t *host) {
  memset(context, 0, offsetof(R3Context, fx));
  setSegments(context);
  context->eFlags = (uint32_t)fault->flags;
  context->registers = fault->registers;
  memcpy(&context->fx, host->uc_mcontext.fpregs, sizeof context->fx);
  context->mxCsr = context->fx.mxCsr;
  memset(context->vectors, 0, sizeof *context - offsetof(R3Context, vectors));
}

void r3_context_from_frame(R3Context *context, const R3Frame *frame) {
  memset(context, 0, sizeof *context);
  setSegments(context);
  context->eFlags = 0x202;
  context->registers = (R3Registers){
      .rbx = frame->rbx, .rsp = frame->rsp, .rbp = frame->rbp, .rsi = frame->rsi, .rdi = frame->rdi,
      .r12 = frame->r12, .r13 = frame->r13, .r14 = frame->r14, .r15 = frame->r15, .rip = frame->rip};
  memcpy(context->fx.xmm + 6, frame->xmm, sizeof frame->xmm);
  __asm__("stmxcsr %0" : "=m"(context->mxCsr));
  context->fx.mxCsr = context->mxCsr;
}

void r3_context_from_jump(R3Context *context, const R3JumpBuffer *jump) {
  R3Registers *r = &context->registers;
  r->rbx = jump->rbx, r->rsp = jump->rsp, r->rbp = jump->rbp, r->rsi = jump->rsi, r->rdi = jump->rdi;
  r->r12 = jump->r12, r->r13 = jump->r13, r->r14 = jump->r14, r->r15 = jump->r15, r->rip = jump->rip;
  memcpy(context->fx.xmm + 6, jump->xmm, sizeof jump->xmm);
  context->mxCsr = context->fx.mxCsr = jump->mxCsr;
}

static void frameFromContext(R3Frame *frame, const R3Context *context) {
  const R3Registers *r = &context->registers;
  *frame = (R3Frame){.rip = r->rip, .rsp = r->rsp, .rbx = r->rbx, .rbp = r->rbp, .rdi = r->rdi, .rsi = r->rsi,
                     .r12 = r->r12, .r13 = r->r13, .r14 = r->r14, .r15 = r->r15};
  memcpy(frame->xmm, context->fx.xmm + 6, sizeof frame->xmm);
}

// MARK: Dispatching

// Runs on the kernel stack, with `dispatch` above it on the same stack.
static void beginDispatch(void *thread, void *argument) {
  R3Thread *kernelThread = thread;
  R3Dispatch *dispatch = argument;
  frameFromContext(&dispatch->frame, &dispatch->context);
  dispatch->frame.target = R3_FRAME_DISPATCH;
  dispatch->frame.previous = kernelThread->frames;
  kernelThread->frames = &dispatch->frame;
  hooks.dispatch(kernelThread, dispatch);
  __builtin_trap();
}

static void dispatchFault(R3Thread *thread, R3Fault *fault, const ucontext_t *host, R3Verdict verdict) {
  R3Frame *frame = thread->frames;
  uint64_t top = fault->registers.rsp - RED_ZONE;
  uint64_t place = (top - sizeof(R3Dispatch)) & ~0x3Full;
  if (place < thread->stackLimit + 0x1000) {
    hooks.stackFault(thread, fault);
    r3_leave(thread, R3_LEFT_HALTED);
  }
  R3Dispatch *dispatch = (R3Dispatch *)place;
  if (verdict == R3VerdictRaise) {
    readContext(&dispatch->context, fault, host);
  } else {
    r3_context_from_frame(&dispatch->context, frame);
    thread->frames = frame->previous;
  }
  dispatch->record = fault->record;
  dispatch->fault = *fault;
  // The handler is left for good: it blocks no signals, and the signal stack is free as soon as the
  // stack pointer is elsewhere.
  r3_call_on_stack(dispatch, beginDispatch, thread, dispatch);
}

void r3_raise_in_caller(R3Thread *thread, const R3ExceptionRecord *record) {
  R3Dispatch dispatch;
  R3Frame *frame = thread->frames;
  memset(&dispatch.fault, 0, sizeof dispatch.fault);
  r3_context_from_frame(&dispatch.context, frame);
  thread->frames = frame->previous;
  dispatch.record = *record;
  beginDispatch(thread, &dispatch);
}

void r3_unwind(R3Thread *thread, uint64_t targetFrame, uint64_t targetIp, R3ExceptionRecord *record,
               uint64_t value) {
  R3Unwind unwind;
  R3Frame *frame = thread->frames;
  r3_context_from_frame(&unwind.context, frame);
  frameFromContext(&unwind.frame, &unwind.context);
  unwind.targetFrame = targetFrame;
  unwind.targetIp = targetIp;
  unwind.given = record;
  unwind.value = value;
  unwind.frame.target = R3_FRAME_UNWIND;
  unwind.frame.previous = frame->previous;
  thread->frames = &unwind.frame;
  hooks.unwind(thread, &unwind);
  __builtin_trap();
}

// MARK: Going on

void r3_load_registers(const R3Context *context);

void r3_resume(R3Thread *thread, const R3Context *context) {
  uint64_t rsp = context->registers.rsp;
  while (thread->frames && (uint64_t)thread->frames < rsp) thread->frames = thread->frames->previous;
  r3_forget_accesses(thread->stackLimit, rsp);
  r3_load_registers(context);
}

void r3_inject_call(R3Fault *fault, uint64_t (*function)(uint64_t), uint64_t argument) {
  uint64_t *stack = (uint64_t *)fault->registers.rsp;
  *--stack = fault->registers.rip;
  *--stack = argument;
  *--stack = (uint64_t)function;
  fault->registers.rsp = (uint64_t)stack;
  fault->registers.rip = (uint64_t)r3_injected;
}

// MARK: The handler

static void describe(R3Fault *fault, int signal, const siginfo_t *info, const ucontext_t *host) {
  const greg_t *registers = host->uc_mcontext.gregs;
  memset(fault, 0, sizeof *fault);
  readRegisters(fault, registers);
  fault->signal = signal;
  fault->code = info->si_code;
  fault->trap = (uint32_t)registers[REG_TRAPNO];
  fault->error = (uint32_t)registers[REG_ERR];
  if ((signal == SIGSEGV || signal == SIGBUS) && info->si_code > 0 && info->si_code != SI_KERNEL) {
    fault->hasAddress = 1;
    fault->address = (uint64_t)info->si_addr;
    fault->access = fault->error & 16 ? R3AccessExecute : fault->error & 2 ? R3AccessWrite : R3AccessRead;
    fault->isProtection = signal == SIGSEGV && info->si_code == SEGV_ACCERR;
  }
}

static int isOnSignalStack(uint64_t rsp, const ucontext_t *host) {
  return rsp - (uint64_t)host->uc_stack.ss_sp < host->uc_stack.ss_size;
}

static int isStackFault(const R3Thread *thread, const R3Fault *fault) {
  uint64_t rsp = fault->registers.rsp;
  if (rsp < thread->stackLimit || rsp > thread->stackBase) return 1;
  return fault->hasAddress && fault->address < thread->stackLimit &&
         fault->address >= thread->stackLimit - GUARD_SIZE;
}

// Puts the register back after the one instruction, unless that instruction changed it.
static void endStep(R3Fault *fault) {
  uint64_t *value = r3_register(&fault->registers, step.index);
  if (*value == step.changed) *value = step.original;
  fault->flags &= ~(uint64_t)TRAP_FLAG;
  step.isActive = 0;
}

static void beginStep(R3Fault *fault) {
  uint64_t *value = r3_register(&fault->registers, fault->stepRegister);
  step.index = fault->stepRegister;
  step.original = *value;
  step.changed = *value += fault->stepDelta;
  step.isActive = 1;
  fault->flags |= TRAP_FLAG;
}

static void onFault(int signal, siginfo_t *info, void *argument) {
  R3Thread *thread = r3_thread;
  ucontext_t *host = argument;
  greg_t *registers = host->uc_mcontext.gregs;
  int savedError = errno;
  if (!thread || !thread->hostStack || info->si_code <= 0 || isOnSignalStack(registers[REG_RSP], host)) {
    return pass(signal, info, argument);
  }
  R3Fault fault;
  describe(&fault, signal, info, host);
  if (step.isActive) {
    int isDone = signal == SIGTRAP && fault.trap == SINGLE_STEP_TRAP;
    endStep(&fault);
    if (isDone) return writeRegisters(&fault, registers);
  }
  if (isStackFault(thread, &fault)) {
    hooks.stackFault(thread, &fault);
    r3_leave(thread, R3_LEFT_HALTED);
  }
  R3Verdict verdict = hooks.judge(thread, &fault);
  switch (verdict) {
    case R3VerdictStep:
      beginStep(&fault);
    case R3VerdictResume:
      writeRegisters(&fault, registers);
      break;
    case R3VerdictRaise:
    case R3VerdictRaiseInCaller:
      dispatchFault(thread, &fault, host, verdict);
    case R3VerdictHost:
      pass(signal, info, argument);
  }
  errno = savedError;
}

// MARK: Installing

static const R3FaultHooks *givenHooks;
static pthread_once_t installOnce = PTHREAD_ONCE_INIT;

static void install(void) {
  hooks = *givenHooks;
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  action.sa_sigaction = onFault;
  for (int i = 0; i < faultSignalCount; i++) sigaction(faultSignals[i], &action, &previous[i]);
}

void r3_faults_install(const R3FaultHooks *given) {
  // All callers give the same; which one's pointer is read does not matter.
  __atomic_store_n(&givenHooks, given, __ATOMIC_RELEASE);
  pthread_once(&installOnce, install);
}
