// Has the addresses of its imports among its code.
#ifndef REPAIRED
#pragma comment(linker, "/MERGE:.rdata=.text")
#endif
#include "defect.h"
