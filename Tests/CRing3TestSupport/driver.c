#include "CRing3TestSupport.h"

#include <time.h>

#define MS __attribute__((ms_abi))
typedef uint64_t U;

static inline U mix(U hash, U value) { return (hash ^ value) * 0x100000001b3ull + 7; }

U test_hash(const U *numbers, unsigned count) {
  U hash = count;
  for (unsigned i = 0; i < count; i++) hash = mix(hash, numbers[i]);
  return hash;
}

#define P0 void
#define P1 U a
#define P2 P1, U b
#define P3 P2, U c
#define P4 P3, U d
#define P5 P4, U e
#define P6 P5, U f
#define P7 P6, U g
#define P8 P7, U h
#define P9 P8, U i
#define P10 P9, U j
#define P11 P10, U k
#define P12 P11, U l
#define A0
#define A1 a
#define A2 A1, b
#define A3 A2, c
#define A4 A3, d
#define A5 A4, e
#define A6 A5, f
#define A7 A6, g
#define A8 A7, h
#define A9 A8, i
#define A10 A9, j
#define A11 A10, k
#define A12 A11, l

#define FUNCTIONS(n)                                                             \
  static U host##n(P##n) { return test_hash((U[n + 1]){A##n}, n); }               \
  MS static U driver##n(P##n) { return test_hash((U[n + 1]){A##n}, n); }          \
  static U call##n(const void *f) {                                              \
    U a = 101, b = 102, c = 103, d = 104, e = 105, g = 107, h = 108, i = 109;    \
    U j = 110, k = 111, l = 112;                                                 \
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)g, (void)h, (void)i;      \
    (void)j, (void)k, (void)l;                                                   \
    MS U (*function)(P##n) = f;                                                  \
    {                                                                            \
      U f = 106;                                                                 \
      (void)f;                                                                   \
      return function(A##n);                                                     \
    }                                                                            \
  }
FUNCTIONS(0)
FUNCTIONS(1)
FUNCTIONS(2)
FUNCTIONS(3)
FUNCTIONS(4)
FUNCTIONS(5)
FUNCTIONS(6)
FUNCTIONS(7)
FUNCTIONS(8)
FUNCTIONS(9)
FUNCTIONS(10)
FUNCTIONS(11)
FUNCTIONS(12)

#define ALL(name)                                                                     \
  {name##0, name##1, name##2, name##3, name##4, name##5, name##6, name##7, name##8, \
   name##9, name##10, name##11, name##12}

const void *test_hashFunction(unsigned count) {
  static const void *const all[] = ALL(host);
  return all[count];
}

const void *test_driverHashFunction(unsigned count) {
  static const void *const all[] = ALL(driver);
  return all[count];
}

U test_driverCall(const void *f, unsigned count) {
  static U (*const all[])(const void *) = ALL(call);
  return all[count](f);
}

U test_driverCallVariadic(const void *f) {
  MS U (*function)(const char *, ...) = f;
  return function("fmt", 1ull, 2.5, 3ull, 4ull, 5ull, 6ull, 7ull);
}

MS static U relay(MS U (*f)(void)) { return f() + 1; }
const void *test_driverRelay(void) { return relay; }

U test_read(const U *p) { return *(const volatile U *)p; }

U test_leaf3(const void *f, U a, U b, U c) {
  MS U (*function)(U, U, U) = f;
  return function(a, b, c);
}

U test_readGS(U offset) {
  U value;
  __asm__ volatile("movq %%gs:(%1), %0" : "=r"(value) : "r"(offset));
  return value;
}

double test_measure(const void *f, U count) {
  MS U (*function)(U, U, U) = f;
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (U i = 0; i < count; i++) function(1, 2, 3);
  clock_gettime(CLOCK_MONOTONIC, &end);
  return ((end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec)) / count;
}
