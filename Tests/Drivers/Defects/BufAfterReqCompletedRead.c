// Looks into the system buffer of a read that it has completed.
#define DEFECT_READ
#include "defect-after.h"
