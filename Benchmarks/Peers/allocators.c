// The host's allocators: the loops of the driver with malloc and free. Run once for each allocator, with
// LD_PRELOAD naming it. Prints one line for each figure: name, tabulator, nanoseconds.
//
//   allocators NAME MILLISECONDS
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../Drivers/workload.h"
#include "../Sources/CBenchPeers/include/bench_peers.h"
#include "slices.h"

#define KEEP(Pointer) __asm__ volatile("" : : "r"(Pointer) : "memory")

static uint64_t budget;

static void report(const char *name, const char *work, double nanoseconds) {
  printf("%s, %s\t%.3f\n", name, work, nanoseconds);
}

static double pairTurns(uint64_t count, const void *size) {
  uint64_t start = r3b_thread_time();
  if (!r3b_malloc_pairs(count, *(const uint64_t *)size)) abort();
  return (double)(r3b_thread_time() - start);
}

static void pairs(const char *name, uint64_t size) {
  char work[32];
  snprintf(work, sizeof work, "pair, %lu B", (unsigned long)size);
  report(name, work, BenchFastest(pairTurns, &size, 1000, (double)budget));
}

static double replaceTurns(uint64_t count, const void *context) {
  (void)context;
  uint64_t start = r3b_thread_time();
  if (!r3b_malloc_replace(count)) abort();
  return (double)(r3b_thread_time() - start);
}

static void replace(const char *name) {
  if (!r3b_malloc_fill()) abort();
  replaceTurns(200000, NULL);
  report(name, "10,000 live", BenchFastest(replaceTurns, NULL, 20000, (double)budget));
  r3b_malloc_drain();
}

static BENCH_PASSAGE passage;

static void *take(void *argument) {
  uint64_t count = *(uint64_t *)argument;
  for (uint64_t i = 0; i < count; i++) free(BenchTake(&passage, i));
  return NULL;
}

static double crossTurns(uint64_t count, const void *context) {
  (void)context;
  pthread_t thread;
  uint64_t start = r3b_now();
  if (pthread_create(&thread, NULL, take, &count) != 0) abort();
  for (uint64_t i = 0; i < count; i++) {
    void *block = malloc(256);
    if (!block) abort();
    BenchGive(&passage, i, block);
  }
  pthread_join(thread, NULL);
  return (double)(r3b_now() - start);
}

static void cross(const char *name) {
  report(name, "two threads, 256 B", BenchFastestOfLong(crossTurns, 20000, (double)budget));
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  budget = strtoull(arguments[2], NULL, 10) * 1000000;
  pairs(arguments[1], 64);
  pairs(arguments[1], 256);
  pairs(arguments[1], 1024);
  replace(arguments[1]);
  cross(arguments[1]);
  return 0;
}
