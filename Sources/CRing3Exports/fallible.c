// The exports that a driver may be refused, from fallible.h.
#include <string.h>

#include "exports.h"

#define LIST "fallible.h"

extern const char r3_FallibleCall[];

// A function of KMDF that Swift does not define is NULL, and never bound.
#define FALLIBLE(name, count, refusal, tag, result) extern const char r3_##name[] __attribute__((weak));
#include LIST
#undef FALLIBLE

#define FALLIBLE(name, count, refusal, tag, result) \
  {r3_FallibleCall, r3_##name, #name, count, R3Refusal##refusal, tag, result},
static const R3Fallible fallible[] = {
#include LIST
};
#undef FALLIBLE

size_t r3_fallible_count(void) { return sizeof fallible / sizeof fallible[0]; }

const R3Fallible *r3_fallible_at(size_t index) { return &fallible[index]; }

const R3Fallible *r3_fallible_find(const char *name) {
  for (size_t i = 0; i < r3_fallible_count(); i++) {
    if (strcmp(fallible[i].name, name) == 0) return &fallible[i];
  }
  return NULL;
}
