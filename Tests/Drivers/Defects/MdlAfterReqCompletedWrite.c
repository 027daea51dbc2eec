// Looks into the mapped pages of a write that it has completed.
#define AFTER_MDL
#define DEFECT_WRITE
#include "defect-after.h"
