#include "driver_routines.h"

#define DRIVER __attribute__((ms_abi, noinline, used, section("driver_text")))

extern const char __start_driver_text[], __stop_driver_text[];

bool test_is_driver(uint64_t address) {
  return address >= (uint64_t)__start_driver_text && address < (uint64_t)__stop_driver_text;
}

#define ADD(log, value) \
  (log)->entries[__atomic_fetch_add(&(log)->count, 1, __ATOMIC_SEQ_CST) & 63] = (value)

void test_log_add(TestLog *log, uint64_t value) { ADD(log, value); }

static inline uint8_t level(void) {
  uint8_t irql;
  __asm__ volatile("movb %%gs:0x50, %0" : "=r"(irql));
  return irql;
}

DRIVER static void dpc(void *self, TestLog *log, void *first, void *second) {
  (void)self, (void)second;
  ADD(log, (uint64_t)first);
}
const void *test_dpc(void) { return dpc; }

DRIVER static void dpcLevel(void *self, TestLog *log, void *first, void *second) {
  (void)self, (void)first, (void)second;
  ADD(log, 0x100 + level());
}
const void *test_dpc_level(void) { return dpcLevel; }

DRIVER static uint64_t loop(TestLog *log, TestLog *second) {
  (void)second;
  while (!*(volatile uint32_t *)&log->stop) __builtin_ia32_pause();
  return 7;
}
const void *test_loop(void) { return loop; }

DRIVER static void worker(TestLog *log) { ADD(log, 1); }
const void *test_worker(void) { return worker; }

DRIVER static void kernelRoutine(void *apc, void **normal, void **context, void **first,
                                 void **second) {
  (void)apc, (void)normal, (void)context, (void)second;
  TestLog *log = *first;
  ADD(log, 0x200 + level());
}
const void *test_kernel_routine(void) { return kernelRoutine; }

DRIVER static void normalRoutine(TestLog *context, void *first, void *second) {
  (void)first, (void)second;
  ADD(context, 0x300 + level());
}
const void *test_normal_routine(void) { return normalRoutine; }

DRIVER static uint64_t callout(TestLog *log) {
  ADD(log, 0x400 + level());
  return 1;
}
const void *test_callout(void) { return callout; }

DRIVER static void bugCheckRoutine(TestLog *buffer, uint32_t length) { ADD(buffer, length + level()); }
const void *test_bug_check_routine(void) { return bugCheckRoutine; }

DRIVER static void timerRoutine(void *timer, TestLog *log) {
  (void)timer;
  ADD(log, 0x500 + level());
}
const void *test_timer_routine(void) { return timerRoutine; }
