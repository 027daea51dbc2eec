// What Ring3 is measured beside: the host's own ways to do the same kind of work.
#pragma once

#include <stdint.h>

#include "../../../Drivers/workload.h"

/// Nanoseconds of a steady clock.
uint64_t r3b_now(void);

/// Nanoseconds that the calling thread has run, in the program and in the host's kernel.
uint64_t r3b_thread_time(void);

/// `count` pairs of malloc and free of `size` bytes; false without memory.
int r3b_malloc_pairs(uint64_t count, uint64_t size);

/// Fills 10,000 slots, replaces `count` blocks at random, and empties the slots.
int r3b_malloc_fill(void);
int r3b_malloc_replace(uint64_t count);
void r3b_malloc_drain(void);

/// Copies `size` bytes `count` times between two buffers that stay the same.
int r3b_memcpy(uint64_t count, uint64_t size);

/// The same, there and back: two copies a turn.
int r3b_memcpy_twice(uint64_t count, uint64_t size);

/// `count` empty system calls.
int r3b_system_calls(uint64_t count);

/// Reads `size` bytes of /dev/zero `count` times.
int r3b_read_zero(uint64_t count, uint64_t size);

/// Locks and unlocks `size` bytes of resident memory `count` times; false when the host forbids it.
int r3b_mlock(uint64_t count, uint64_t size);

/// `count` round trips between two threads that sleep on futexes.
int r3b_futex_ping_pong(uint64_t count);

/// `count` round trips of a cache line between two threads that look at it all the time.
int r3b_line_ping_pong(uint64_t count);

/// `count` times: takes an entry from a list and puts it back, each with a bare 16-byte
/// compare-exchange.
int r3b_list_pairs(uint64_t count);

/// The ring through which two threads of drivers in Swift pass buffers: one pair of threads at a time.
BENCH_PASSAGE *r3b_passage(void);

/// Bytes of memory that the process has in RAM.
uint64_t r3b_resident(void);

/// Switches counting on or off when the program runs under callgrind with `--collect-atstart=no`.
void r3b_toggle_counting(void);
