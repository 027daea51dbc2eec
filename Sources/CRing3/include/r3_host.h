// What the host offers and Swift cannot spell: thread-locals, futexes, memory files.
#ifndef R3_HOST_THREAD_H
#define R3_HOST_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "r3.h"

/// Which kernel thread this host thread used last. Numbers are never used again, so a stale entry never matches.
typedef struct R3Binding {
  R3Thread *_Nullable thread;
  uint64_t machineNumber;
  uint64_t processNumber;
  void *_Nullable attachments;  // list of all, owned by Machine/Threads
} R3Binding;

extern __thread R3Binding r3_binding __attribute__((tls_model("initial-exec")));

static inline R3Binding *_Nonnull r3_host_binding(void) { return &r3_binding; }

/// Calls `ended(attachments)` when this host thread ends.
void r3_host_on_exit(void (*_Nonnull ended)(void *_Nullable), void *_Nullable attachments);

/// Sleeps while `*word == value`, at most `nanoseconds` (negative: for ever). 0 woken, 1 timeout, 2 value differed.
int r3_futex_wait(const volatile uint32_t *_Nonnull word, uint32_t value, int64_t nanoseconds);
void r3_futex_wake(const volatile uint32_t *_Nonnull word, int count);

/// Passes every running thread of the host process through a memory barrier.
///
/// What they then load is at least as new as what this thread stored before; their own side needs only
/// r3_compiler_fence.
void r3_fence_threads(void);

/// Whether the host lets this process read the byte at `address`.
bool r3_is_readable(const void *_Nonnull address);

/// The host's number of this thread.
int r3_host_thread_identifier(void);

/// A sparse memory file of `size` bytes; -1 and errno on failure.
int r3_memory_file(uint64_t size);

#endif
