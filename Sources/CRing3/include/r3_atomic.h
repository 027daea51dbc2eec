// Atomic operations on memory that C structures own: Swift's Atomic cannot be laid over them.
#ifndef R3_ATOMIC_H
#define R3_ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

#define R3_ATOMIC static inline __attribute__((always_inline))

R3_ATOMIC uint32_t r3_load32(const volatile void *_Nonnull p) {
  return __atomic_load_n((const volatile uint32_t *)p, __ATOMIC_ACQUIRE);
}
R3_ATOMIC uint64_t r3_load64(const volatile void *_Nonnull p) {
  return __atomic_load_n((const volatile uint64_t *)p, __ATOMIC_ACQUIRE);
}
R3_ATOMIC void r3_store32(volatile void *_Nonnull p, uint32_t v) {
  __atomic_store_n((volatile uint32_t *)p, v, __ATOMIC_RELEASE);
}
R3_ATOMIC void r3_store64(volatile void *_Nonnull p, uint64_t v) {
  __atomic_store_n((volatile uint64_t *)p, v, __ATOMIC_RELEASE);
}
R3_ATOMIC bool r3_cas32(volatile void *_Nonnull p, uint32_t from, uint32_t to) {
  return __atomic_compare_exchange_n((volatile uint32_t *)p, &from, to, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_RELAXED);
}
R3_ATOMIC bool r3_cas64(volatile void *_Nonnull p, uint64_t from, uint64_t to) {
  return __atomic_compare_exchange_n((volatile uint64_t *)p, &from, to, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_RELAXED);
}
R3_ATOMIC uint32_t r3_swap32(volatile void *_Nonnull p, uint32_t v) {
  return __atomic_exchange_n((volatile uint32_t *)p, v, __ATOMIC_SEQ_CST);
}
R3_ATOMIC uint64_t r3_swap64(volatile void *_Nonnull p, uint64_t v) {
  return __atomic_exchange_n((volatile uint64_t *)p, v, __ATOMIC_SEQ_CST);
}
/// Adds and returns the value before.
R3_ATOMIC uint32_t r3_add32(volatile void *_Nonnull p, uint32_t v) {
  return __atomic_fetch_add((volatile uint32_t *)p, v, __ATOMIC_SEQ_CST);
}
/// Adds and returns the value before.
R3_ATOMIC uint64_t r3_add64(volatile void *_Nonnull p, uint64_t v) {
  return __atomic_fetch_add((volatile uint64_t *)p, v, __ATOMIC_SEQ_CST);
}
R3_ATOMIC uint32_t r3_or32(volatile void *_Nonnull p, uint32_t v) {
  return __atomic_fetch_or((volatile uint32_t *)p, v, __ATOMIC_SEQ_CST);
}
R3_ATOMIC uint32_t r3_and32(volatile void *_Nonnull p, uint32_t v) {
  return __atomic_fetch_and((volatile uint32_t *)p, v, __ATOMIC_SEQ_CST);
}
/// Adds without a lock prefix: for counters that one thread alone writes.
R3_ATOMIC void r3_count64(volatile void *_Nonnull p, uint64_t v) {
  volatile uint64_t *q = (volatile uint64_t *)p;
  __atomic_store_n(q, __atomic_load_n(q, __ATOMIC_RELAXED) + v, __ATOMIC_RELAXED);
}
/// Compare-exchange of 16 bytes; `expected` is updated on failure.
R3_ATOMIC bool r3_cas128(volatile void *_Nonnull p, uint64_t *_Nonnull expectedLow,
                         uint64_t *_Nonnull expectedHigh, uint64_t low, uint64_t high) {
  bool ok;
  uint64_t a = *expectedLow, d = *expectedHigh;
  __asm__ volatile("lock cmpxchg16b %1"
                   : "=@ccz"(ok), "+m"(*(volatile __uint128_t *)p), "+a"(a), "+d"(d)
                   : "b"(low), "c"(high)
                   : "memory");
  *expectedLow = a;
  *expectedHigh = d;
  return ok;
}
/// Keeps the compiler from moving memory accesses across; the processor still may.
R3_ATOMIC void r3_compiler_fence(void) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }
R3_ATOMIC void r3_pause(void) { __builtin_ia32_pause(); }
R3_ATOMIC uint64_t r3_timestamp(void) { return __builtin_ia32_rdtsc(); }

#endif
