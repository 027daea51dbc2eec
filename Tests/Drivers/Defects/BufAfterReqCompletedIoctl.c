// Looks into the system buffer of a control request that it has completed.
#define DEFECT_CONTROL
#include "defect-after.h"
