// libFuzzer has the main function; a C target keeps it, where a Swift one would bring its own.
#include <stddef.h>
#include <stdint.h>

int r3_fuzz_images(const uint8_t *start, intptr_t count);

int LLVMFuzzerTestOneInput(const uint8_t *start, size_t count) {
  return r3_fuzz_images(start, (intptr_t)count);
}
