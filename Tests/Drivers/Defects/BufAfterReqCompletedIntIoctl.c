// Looks into the system buffer of an internal control request that it has completed.
#define DEFECT_INTERNAL
#include "defect-after.h"
