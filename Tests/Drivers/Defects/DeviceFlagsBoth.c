// Asks for both kinds of buffers.
#ifdef REPAIRED
#define DEFECT_FLAGS DO_BUFFERED_IO
#else
#define DEFECT_FLAGS (DO_BUFFERED_IO | DO_DIRECT_IO)
#endif
#include "defect.h"
