// String functions that know how large their target is.
#ifndef R3_NTSTRSAFE_H
#define R3_NTSTRSAFE_H

#define _NTSTRSAFE_H_INCLUDED_
#include "ntstrsafe/string.h"
#include "ntstrsafe/unicode.h"

#endif
