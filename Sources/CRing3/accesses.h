#ifndef R3_ACCESSES_H
#define R3_ACCESSES_H

#include <stdint.h>

// Has the Swift runtime forget the accesses of this host thread that are open on the stack between two
// addresses, whose contents are still there.
void r3_forget_accesses(uint64_t low, uint64_t high);

#endif
