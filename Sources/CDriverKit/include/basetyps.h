// Basic types, by an older name.
#include "windef.h"
