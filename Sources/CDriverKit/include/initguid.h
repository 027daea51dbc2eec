// After this header DEFINE_GUID defines identifiers instead of declaring them.
#ifndef INITGUID
#define INITGUID
#endif
#include "guiddef.h"
