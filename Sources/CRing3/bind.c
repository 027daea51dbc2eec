// Which thread of which machine runs on this host thread.
#include <asm/prctl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "r3.h"
#include "signals.h"

__thread R3Thread *r3_thread;

// What `halted` points to for a thread whose owner has not set it.
static const volatile uint32_t neverHalted = 0;

// MARK: The stack for signal handlers

#define SIGNAL_STACK_SIZE (128 << 10)
#define GUARD_SIZE (4 << 10)

static pthread_once_t signalStackOnce = PTHREAD_ONCE_INIT;
static pthread_key_t signalStackKey;
static __thread _Bool signalStackReady;

static size_t signalStackSize(void) {
  return SIGNAL_STACK_SIZE + (getauxval(AT_MINSIGSTKSZ) + 0xFFF & ~0xFFFul);
}

static void freeSignalStack(void *mapping) {
  stack_t now;
  if (sigaltstack(NULL, &now) == 0 && now.ss_sp == (char *)mapping + GUARD_SIZE) {
    sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
  }
  munmap(mapping, signalStackSize() + GUARD_SIZE);
  signalStackReady = 0;
}

static void makeSignalStackKey(void) {
  if (pthread_key_create(&signalStackKey, freeSignalStack) != 0) abort();
}

// Threads of a pool may come with all signals blocked.
static void unblockSignals(void) {
  sigset_t signals;
  sigemptyset(&signals);
  for (int i = 0; i < faultSignalCount; i++) sigaddset(&signals, faultSignals[i]);
  sigaddset(&signals, INTERRUPT_SIGNAL);
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

// A fault on a kernel stack that is full needs another stack to be handled on.
static void prepareSignalStack(void) {
  pthread_once(&signalStackOnce, makeSignalStackKey);
  unblockSignals();
  size_t size = signalStackSize();
  char *mapping = mmap(NULL, size + GUARD_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) abort();
  mprotect(mapping, GUARD_SIZE, PROT_NONE);
  if (sigaltstack(&(stack_t){.ss_sp = mapping + GUARD_SIZE, .ss_size = size}, NULL) != 0) abort();
  pthread_setspecific(signalStackKey, mapping);
  signalStackReady = 1;
  // Thread pools block what they do not know; r3_interrupt.h needs this one.
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGURG);
  pthread_sigmask(SIG_UNBLOCK, &interrupt, NULL);
}

// MARK: GS

#ifndef HWCAP2_FSGSBASE
#define HWCAP2_FSGSBASE (1 << 1)
#endif

static void setGS(uint64_t base) {
  static int canWrite;  // 1 yes, -1 no; every thread finds the same
  int can = __atomic_load_n(&canWrite, __ATOMIC_RELAXED);
  if (can == 0) {
    can = getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE ? 1 : -1;
    __atomic_store_n(&canWrite, can, __ATOMIC_RELAXED);
  }
  if (can > 0) {
    __asm__ volatile("wrgsbase %0" : : "r"(base) : "memory");
  } else {
    syscall(SYS_arch_prctl, ARCH_SET_GS, base);
  }
}

const volatile uint32_t *r3_never_halted(void) { return &neverHalted; }

void r3_bind(R3Thread *thread) {
  if (thread) {
    thread->self = thread;
    if (!thread->halted) thread->halted = &neverHalted;
  }
  if (thread == r3_thread) return;
  if (thread && !signalStackReady) prepareSignalStack();
  r3_thread = thread;
  setGS((uint64_t)thread);
}
