// DPDK's mempool with its cache for each core: entries of 256 bytes. Prints as allocators.c does.
//
//   mempool MILLISECONDS
#include <pthread.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_mempool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../Drivers/workload.h"
#include "../Sources/CBenchPeers/include/bench_peers.h"
#include "slices.h"

static struct rte_mempool *pool;
static uint64_t budget;
static BENCH_PASSAGE passage;

static void *take(void *argument) {
  uint64_t count = *(uint64_t *)argument;
  if (rte_thread_register() != 0) abort();
  for (uint64_t i = 0; i < count; i++) rte_mempool_put(pool, BenchTake(&passage, i));
  rte_thread_unregister();
  return NULL;
}

static double pairTurns(uint64_t count, const void *context) {
  (void)context;
  uint64_t start = r3b_thread_time();
  for (uint64_t i = 0; i < count; i++) {
    void *entry;
    if (rte_mempool_get(pool, &entry) != 0) abort();
    __asm__ volatile("" : : "r"(entry) : "memory");
    rte_mempool_put(pool, entry);
  }
  return (double)(r3b_thread_time() - start);
}

static void pairs(void) {
  printf("DPDK mempool, pair, 256 B\t%.3f\n", BenchFastest(pairTurns, NULL, 1000, (double)budget));
}

static double crossTurns(uint64_t count, const void *context) {
  (void)context;
  pthread_t thread;
  uint64_t start = r3b_now();
  if (pthread_create(&thread, NULL, take, &count) != 0) abort();
  for (uint64_t i = 0; i < count; i++) {
    void *entry;
    while (rte_mempool_get(pool, &entry) != 0) __builtin_ia32_pause();
    BenchGive(&passage, i, entry);
  }
  pthread_join(thread, NULL);
  return (double)(r3b_now() - start);
}

static void cross(void) {
  printf("DPDK mempool, two threads, 256 B\t%.3f\n",
         BenchFastestOfLong(crossTurns, 20000, (double)budget));
}

int main(int count, char **arguments) {
  char *options[] = {"mempool", "--no-huge", "--no-shconf", "-m", "64",
                     "--no-pci", "--no-telemetry", "--log-level", "error", "--lcores=0@(0-1)"};
  if (count != 2) return 2;
  budget = strtoull(arguments[1], NULL, 10) * 1000000;
  if (rte_eal_init(sizeof options / sizeof options[0], options) < 0) return 1;
  pool = rte_mempool_create("bench", 16383, 256, 512, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0);
  if (!pool) return 1;
  pairs();
  cross();
  return 0;
}
