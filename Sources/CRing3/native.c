// Code of this program and its libraries: where it lies, and who called whom.
#include "r3_native.h"

#include <dlfcn.h>

R3NativePlace r3_native_place(uint64_t address) {
  R3NativePlace place = {0};
  Dl_info info;
  if (dladdr((void *)address, &info) == 0) return place;
  place.file = info.dli_fname;
  place.offset = address - (uint64_t)info.dli_fbase;
  place.symbol = info.dli_sname;
  if (info.dli_sname) place.symbolOffset = address - (uint64_t)info.dli_saddr;
  return place;
}

uint64_t r3_native_offset(uint64_t address) {
  struct dl_find_object object;
  if (_dl_find_object((void *)address, &object) != 0) return address;
  return address - (uint64_t)object.dlfo_map_start;
}

// A saved frame pointer of a Swift function that can be suspended has this bit.
#define ASYNC_FRAME (1ull << 60)

size_t r3_native_stack(uint64_t *into, size_t capacity, uint64_t end) {
  uint64_t frame = (uint64_t)__builtin_frame_address(0);
  size_t count = 0;
  while (count < capacity && (frame & 7) == 0 && frame + 16 <= end) {
    const uint64_t *words = (const uint64_t *)frame;
    into[count++] = words[1];
    uint64_t next = words[0] & ~ASYNC_FRAME;
    if (next <= frame) break;
    frame = next;
  }
  return count;
}
