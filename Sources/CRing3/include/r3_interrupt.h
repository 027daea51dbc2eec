// Interrupting a host thread that runs driver code.
#ifndef R3_INTERRUPT_H
#define R3_INTERRUPT_H

#include <stdbool.h>

#include "r3.h"

/// Takes SIGURG over, once for the process.
///
/// When an interrupted thread is on its kernel stack and `judge(thread, address)` says so, it goes on in
/// `land`, under an R3Frame as if the driver had called it; `land` does not return. `judge` runs in the
/// signal handler.
void r3_interrupt_prepare(bool (*_Nonnull judge)(R3Thread *_Nonnull, uint64_t),
                          void (*_Nonnull land)(void));

/// Interrupts a host thread, by the host's number.
void r3_interrupt_send(int identifier);

#endif
