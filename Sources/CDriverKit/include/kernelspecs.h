// Annotations of kernel functions.
#ifndef R3_KERNELSPECS_H
#define R3_KERNELSPECS_H

#include "driverspecs.h"

#endif
