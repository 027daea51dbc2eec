// Routines as a driver has them, for tests of the machine.
#ifndef DRIVER_ROUTINES_H
#define DRIVER_ROUTINES_H

#include <stdbool.h>
#include <stdint.h>

/// What routines note down, in order.
typedef struct TestLog {
  uint32_t count;
  uint32_t stop;  // ends test_loop
  uint64_t entries[64];
} TestLog;

void test_log_add(TestLog *_Nonnull log, uint64_t value);

// Addresses of routines in the Microsoft convention.

/// A DPC or timer routine: notes its first system argument in the log that is its context.
const void *_Nonnull test_dpc(void);
/// A DPC routine: notes 0x100 plus the IRQL.
const void *_Nonnull test_dpc_level(void);
/// A thread, work or DPC routine that spins until `stop` of its log is set: context first or second.
const void *_Nonnull test_loop(void);
/// A thread or work routine: notes 1 in its log.
const void *_Nonnull test_worker(void);
/// A kernel routine of an APC whose first system argument is a log: notes 0x200 plus the IRQL.
const void *_Nonnull test_kernel_routine(void);
/// A normal routine of an APC whose context is a log: notes 0x300 plus the IRQL.
const void *_Nonnull test_normal_routine(void);
/// A function of one argument, which is a log: notes 0x400 plus the IRQL and returns 1.
const void *_Nonnull test_callout(void);

/// A bug check routine whose buffer is a log: notes its length plus the IRQL.
const void *_Nonnull test_bug_check_routine(void);
/// A routine of ExAllocateTimer whose context is a log: notes 0x500 plus the IRQL.
const void *_Nonnull test_timer_routine(void);

/// Whether an address is in one of these routines.
bool test_is_driver(uint64_t address);

#endif
