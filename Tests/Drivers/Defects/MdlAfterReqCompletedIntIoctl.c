// Looks into the mapped pages of an internal control request that it has completed.
#define AFTER_MDL
#define DEFECT_INTERNAL
#include "defect-after.h"
