// The signals that kernel threads must be able to get.
#ifndef R3_SIGNALS_H
#define R3_SIGNALS_H

#include <signal.h>

// Gets a thread out of driver code. Not a real-time signal: those queue up.
#define INTERRUPT_SIGNAL SIGURG

static const int faultSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
enum { faultSignalCount = sizeof faultSignals / sizeof faultSignals[0] };

#endif
