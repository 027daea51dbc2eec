#include "r3_interrupt.h"

#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "signals.h"

static bool (*judgeThread)(R3Thread *, uint64_t);
static void (*landThread)(void);
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fillFrame(R3Frame *frame, R3Thread *thread, const ucontext_t *context) {
  const greg_t *g = context->uc_mcontext.gregs;
  frame->previous = thread->frames;
  frame->rip = (uint64_t)g[REG_RIP];
  frame->rsp = (uint64_t)g[REG_RSP];
  frame->rbx = (uint64_t)g[REG_RBX];
  frame->rbp = (uint64_t)g[REG_RBP];
  frame->rdi = (uint64_t)g[REG_RDI];
  frame->rsi = (uint64_t)g[REG_RSI];
  frame->r12 = (uint64_t)g[REG_R12];
  frame->r13 = (uint64_t)g[REG_R13];
  frame->r14 = (uint64_t)g[REG_R14];
  frame->r15 = (uint64_t)g[REG_R15];
  frame->target = (uint64_t)landThread;
  if (context->uc_mcontext.fpregs) {
    memcpy(frame->xmm, &context->uc_mcontext.fpregs->_xmm[6], sizeof frame->xmm);
  }
}

// Has the thread go on in landThread, with a frame below what the driver has on its stack. A driver
// that spoilt its stack pointer loses its stack: nobody returns to it.
static void interrupted(int number, siginfo_t *info, void *argument) {
  (void)number, (void)info;
  ucontext_t *context = argument;
  R3Thread *thread = r3_current();
  if (!thread || !thread->hostStack) return;
  greg_t *g = context->uc_mcontext.gregs;
  if (!judgeThread(thread, (uint64_t)g[REG_RIP])) return;

  uint64_t top = (uint64_t)g[REG_RSP];
  if (top < thread->stackLimit + (16 << 10) || top > thread->stackBase) top = thread->stackBase;
  R3Frame *frame = (R3Frame *)((top - sizeof(R3Frame)) & ~15ull);
  fillFrame(frame, thread, context);
  thread->frames = frame;
  // As a call leaves it: 8 below a multiple of 16, at a return address of 0.
  uint64_t *stack = (uint64_t *)frame - 1;
  *stack = 0;
  g[REG_RSP] = (greg_t)stack;
  g[REG_RIP] = (greg_t)landThread;
  g[REG_EFL] &= ~(greg_t)0x500;  // no direction, no single step
}

static void take(void) {
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
  action.sa_sigaction = interrupted;
  sigemptyset(&action.sa_mask);
  sigaction(INTERRUPT_SIGNAL, &action, NULL);
}

void r3_interrupt_prepare(bool (*judge)(R3Thread *, uint64_t), void (*land)(void)) {
  judgeThread = judge;
  landThread = land;
  pthread_once(&once, take);
}

void r3_interrupt_send(int identifier) {
  if (identifier != 0) syscall(SYS_tgkill, getpid(), identifier, INTERRUPT_SIGNAL);
}
