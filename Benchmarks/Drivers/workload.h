// What the driver and its peers do alike: the same sizes and slots in the same order, the same way from
// thread to thread.
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

// A ring that one thread fills and another one empties; an empty place is NULL.
#define BENCH_RING 4096

typedef struct BENCH_PASSAGE {
  void *volatile Places[BENCH_RING];
} BENCH_PASSAGE;

// The first byte is written, as whoever hands a block over has written to it.
static inline void BenchGive(BENCH_PASSAGE *Ring, unsigned long long Turn, void *Block) {
  void *volatile *place = &Ring->Places[Turn % BENCH_RING];
  *(volatile unsigned char *)Block = 1;
  while (*place != 0) __builtin_ia32_pause();
  *place = Block;
}

static inline void *BenchTake(BENCH_PASSAGE *Ring, unsigned long long Turn) {
  void *volatile *place = &Ring->Places[Turn % BENCH_RING];
  void *block;
  while ((block = *place) == 0) __builtin_ia32_pause();
  *place = 0;
  return block;
}
