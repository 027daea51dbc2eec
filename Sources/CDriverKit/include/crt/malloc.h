// Memory on the stack; a kernel has no heap of this kind.
#ifndef R3_MALLOC_H
#define R3_MALLOC_H

#define _alloca(Size) __builtin_alloca(Size)
#define alloca(Size) __builtin_alloca(Size)

#endif
