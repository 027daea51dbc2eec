// The annotations of earlier years, by their old name.
#include "specstrings.h"
