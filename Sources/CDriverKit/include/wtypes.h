// Types of the application side, by an older name.
#include "windef.h"
