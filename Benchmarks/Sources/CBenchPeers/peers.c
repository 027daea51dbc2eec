#define _GNU_SOURCE
#include "bench_peers.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../Drivers/workload.h"

// The compiler must assume that the block was used.
#define KEEP(Pointer) __asm__ volatile("" : : "r"(Pointer) : "memory")

static uint64_t read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t r3b_now(void) { return read_clock(CLOCK_MONOTONIC); }
uint64_t r3b_thread_time(void) { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

int r3b_malloc_pairs(uint64_t count, uint64_t size) {
  for (uint64_t i = 0; i < count; i++) {
    void *block = malloc(size);
    if (block == NULL) return 0;
    KEEP(block);
    free(block);
  }
  return 1;
}

static unsigned char *slots[BENCH_SLOTS];
static unsigned long long state = 0x9E3779B97F4A7C15;

void r3b_malloc_drain(void) {
  for (unsigned i = 0; i < BENCH_SLOTS; i++) {
    free(slots[i]);
    slots[i] = NULL;
  }
}

int r3b_malloc_fill(void) {
  r3b_malloc_drain();
  for (unsigned i = 0; i < BENCH_SLOTS; i++) {
    slots[i] = malloc(BenchSize(BenchNext(&state)));
    if (slots[i] == NULL) return 0;
  }
  return 1;
}

int r3b_malloc_replace(uint64_t count) {
  for (uint64_t i = 0; i < count; i++) {
    unsigned long long value = BenchNext(&state);
    unsigned slot = BenchSlot(value);
    free(slots[slot]);
    unsigned char *block = malloc(BenchSize(value));
    if (block == NULL) return 0;
    *(volatile unsigned char *)block = 1;
    slots[slot] = block;
  }
  return 1;
}

// Resident memory that stays from call to call, so that no page fault is timed.
static unsigned char *resident(unsigned which, uint64_t size) {
  static struct {
    unsigned char *memory;
    uint64_t size;
  } kept[2];
  if (kept[which].size < size) {
    if (kept[which].memory != NULL) munmap(kept[which].memory, kept[which].size);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    kept[which].memory = memory == MAP_FAILED ? NULL : memory;
    kept[which].size = memory == MAP_FAILED ? 0 : size;
    if (memory != MAP_FAILED) memset(memory, 1, size);
  }
  return kept[which].memory;
}

static int copy(uint64_t count, uint64_t size, int isTwice) {
  unsigned char *from = resident(0, size), *to = resident(1, size);
  if (from == NULL || to == NULL) return 0;
  for (uint64_t i = 0; i < count; i++) {
    // Nor may the compiler know what is in there, or the copy becomes a fill.
    KEEP(from);
    memcpy(to, from, size);
    KEEP(to);
    if (isTwice) {
      memcpy(from, to, size);
      KEEP(from);
    }
  }
  return 1;
}

int r3b_memcpy(uint64_t count, uint64_t size) { return copy(count, size, 0); }
int r3b_memcpy_twice(uint64_t count, uint64_t size) { return copy(count, size, 1); }

int r3b_system_calls(uint64_t count) {
  for (uint64_t i = 0; i < count; i++) syscall(SYS_getpid);
  return 1;
}

int r3b_read_zero(uint64_t count, uint64_t size) {
  int file = open("/dev/zero", O_RDONLY | O_CLOEXEC);
  unsigned char *to = resident(0, size);
  int isDone = file >= 0 && to != NULL;
  for (uint64_t i = 0; isDone && i < count; i++) {
    if (read(file, to, size) != (ssize_t)size) isDone = 0;
  }
  if (file >= 0) close(file);
  return isDone;
}

int r3b_mlock(uint64_t count, uint64_t size) {
  unsigned char *memory = resident(0, size);
  int isDone = memory != NULL;
  for (uint64_t i = 0; isDone && i < count; i++) {
    if (mlock(memory, size) != 0 || munlock(memory, size) != 0) isDone = 0;
  }
  return isDone;
}

typedef struct {
  _Atomic uint32_t turn;
  uint64_t count;
} PingPong;

static void pass(PingPong *game, uint32_t mine) {
  while (atomic_load(&game->turn) != mine) {
    syscall(SYS_futex, &game->turn, FUTEX_WAIT_PRIVATE, 1 - mine, NULL, NULL, 0);
  }
  atomic_store(&game->turn, 1 - mine);
  syscall(SYS_futex, &game->turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *answer(void *argument) {
  PingPong *game = argument;
  for (uint64_t i = 0; i < game->count; i++) pass(game, 1);
  return NULL;
}

int r3b_futex_ping_pong(uint64_t count) {
  PingPong game = {0, count};
  pthread_t thread;
  if (pthread_create(&thread, NULL, answer, &game) != 0) return 0;
  for (uint64_t i = 0; i < count; i++) pass(&game, 0);
  pthread_join(thread, NULL);
  return 1;
}

static void *returnLine(void *argument) {
  PingPong *game = argument;
  for (uint64_t i = 0; i < game->count; i++) {
    while (atomic_load_explicit(&game->turn, memory_order_acquire) != 1) __builtin_ia32_pause();
    atomic_store_explicit(&game->turn, 0, memory_order_release);
  }
  return NULL;
}

int r3b_line_ping_pong(uint64_t count) {
  _Alignas(64) PingPong game = {0, count};
  pthread_t thread;
  if (pthread_create(&thread, NULL, returnLine, &game) != 0) return 0;
  for (uint64_t i = 0; i < count; i++) {
    atomic_store_explicit(&game.turn, 1, memory_order_release);
    while (atomic_load_explicit(&game.turn, memory_order_acquire) != 0) __builtin_ia32_pause();
  }
  pthread_join(thread, NULL);
  return 1;
}

BENCH_PASSAGE *r3b_passage(void) {
  static BENCH_PASSAGE passage;
  return &passage;
}

typedef struct Entry {
  _Alignas(16) struct Entry *next;
  uint64_t rest;
} Entry;

typedef struct {
  _Alignas(16) uint64_t sequence;
  Entry *first;
} List;

static inline int exchange(List *list, List *seen, uint64_t sequence, Entry *first) {
  char isDone;
  __asm__ volatile("lock cmpxchg16b %1"
                   : "=@ccz"(isDone), "+m"(*list), "+a"(seen->sequence), "+d"(seen->first)
                   : "b"(sequence), "c"(first)
                   : "memory");
  return isDone;
}

static List list;

__attribute__((noinline)) static Entry *pop(void) {
  List seen = list;
  while (seen.first && !exchange(&list, &seen, seen.sequence + 1, seen.first->next)) continue;
  return seen.first;
}

__attribute__((noinline)) static void push(Entry *entry) {
  List seen = list;
  do entry->next = seen.first;
  while (!exchange(&list, &seen, seen.sequence + 1, entry));
}

int r3b_list_pairs(uint64_t count) {
  static Entry entries[4];
  list.first = NULL;
  for (unsigned i = 0; i < 4; i++) push(&entries[i]);
  for (uint64_t i = 0; i < count; i++) {
    Entry *entry = pop();
    if (entry == NULL) return 0;
    KEEP(entry);
    push(entry);
  }
  return 1;
}

uint64_t r3b_resident(void) {
  unsigned long total = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (file == NULL) return 0;
  if (fscanf(file, "%lu %lu", &total, &resident) != 2) resident = 0;
  fclose(file);
  return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

// A request to valgrind: no operation elsewhere. The number is that of CALLGRIND_TOGGLE_COLLECT.
void r3b_toggle_counting(void) {
  volatile uint64_t request[6] = {0x43540002};
  uint64_t result = 0;
  __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi\n\t"
                   "xchgq %%rbx, %%rbx"
                   : "+d"(result)
                   : "a"(request)
                   : "cc", "memory");
}
