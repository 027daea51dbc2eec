// Looks into the mapped pages of a read that it has completed.
#define AFTER_MDL
#define DEFECT_READ
#include "defect-after.h"
