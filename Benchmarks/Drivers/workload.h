// What the driver and its peers do alike: the same sizes and slots in the same order.
#pragma once

#define BENCH_SLOTS 10000

// xorshift64: cheap beside what is measured.
static inline unsigned long long BenchNext(unsigned long long *State) {
  unsigned long long value = *State;
  value ^= value << 13;
  value ^= value >> 7;
  value ^= value << 17;
  return *State = value;
}

static inline unsigned BenchSlot(unsigned long long Random) {
  return (unsigned)(((Random & 0xFFFFFFFF) * BENCH_SLOTS) >> 32);
}

// 16 bytes to 8 KiB.
static inline unsigned BenchSize(unsigned long long Random) {
  return 16 + (unsigned)(((Random >> 32) * 8177) >> 32);
}
