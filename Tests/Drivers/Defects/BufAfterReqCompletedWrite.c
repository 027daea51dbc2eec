// Looks into the system buffer of a write that it has completed.
#define DEFECT_WRITE
#include "defect-after.h"
