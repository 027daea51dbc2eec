// Annotations of locks.
#include "sal.h"
