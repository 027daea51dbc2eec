// The signals that kernel threads must be able to get.
#ifndef R3_SIGNALS_H
#define R3_SIGNALS_H

#include <signal.h>

// Not a real-time signal: those queue up. Nothing sends this one on x86-64.
#define EXPEL_SIGNAL SIGSTKFLT

static const int faultSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
enum { faultSignalCount = sizeof faultSignals / sizeof faultSignals[0] };

#endif
