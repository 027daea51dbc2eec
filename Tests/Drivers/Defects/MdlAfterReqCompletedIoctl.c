// Looks into the mapped pages of a control request that it has completed.
#define AFTER_MDL
#define DEFECT_CONTROL
#include "defect-after.h"
