// How long a turn of some work takes on a host that is shared: other guests slow its processors down by
// half for some ten milliseconds at a time, so the figure is that of the fastest of several slices.
#ifndef BENCH_SLICES_H
#define BENCH_SLICES_H

#include <stdint.h>

// Does the work `count` times; nanoseconds that it took, 0 when it cannot be done.
typedef double BENCH_TURNS(uint64_t count, const void *context);

static double BenchSlices(BENCH_TURNS *turns, const void *context, uint64_t first, double nanoseconds,
                          int slices) {
  uint64_t count = first;
  double spent, best;
  for (;;) {
    best = turns(count, context);
    if (best == 0) return 0;
    if (best >= nanoseconds) break;
    count *= 2;
  }
  for (int slice = 1; slice < slices; slice++) {
    spent = turns(count, context);
    if (spent == 0) return 0;
    if (spent < best) best = spent;
  }
  return best / (double)count;
}

// Nanoseconds of one turn of one thread; 0 when the work cannot be done. As `Ring3Bench.printFigures`.
static inline double BenchFastest(BENCH_TURNS *turns, const void *context, uint64_t first,
                                  double budget) {
  return BenchSlices(turns, context, first, budget / 8, 24);
}

// The same of two threads, which need a while to find each other.
static inline double BenchFastestOfLong(BENCH_TURNS *turns, uint64_t first, double budget) {
  return BenchSlices(turns, 0, first, budget, 4);
}

#endif
