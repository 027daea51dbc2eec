// The warnings and keywords that the kit sets for every source.
#include "crt/excpt.h"
