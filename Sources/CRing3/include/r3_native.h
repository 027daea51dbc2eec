// Code of this program and its libraries, for drivers in Swift, which are some of it.
#ifndef R3_NATIVE_H
#define R3_NATIVE_H

#include <stddef.h>
#include <stdint.h>

/// Where an address of code lies.
typedef struct R3NativePlace {
  const char *_Nullable file;    // the path of the program or library; NULL when it is in none
  uint64_t offset;               // from its start
  const char *_Nullable symbol;  // the nearest exported one before it; NULL for none
  uint64_t symbolOffset;         // from there
} R3NativePlace;

/// The place of an address. The texts stay as long as the library.
R3NativePlace r3_native_place(uint64_t address);

/// How far an address of code is from the start of its program or library; itself in none.
///
/// At any level, and much quicker than `r3_native_place`.
uint64_t r3_native_offset(uint64_t address);

/// Writes the return addresses of the calls up to here, newest first, as frame pointers lead to them; gives
/// their number.
///
/// Only frames below `end`, an address on the same stack, are looked at. Where a frame pointer leads
/// elsewhere, the walk ends.
size_t r3_native_stack(uint64_t *_Nonnull into, size_t capacity, uint64_t end);

#endif
