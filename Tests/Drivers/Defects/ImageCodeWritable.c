// Has a section for code that is written to as well.
#ifndef REPAIRED
#pragma comment(linker, "/SECTION:.text,RWE")
#endif
#include "defect.h"
