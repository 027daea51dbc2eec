// Exports that stand in the place of others when the machine is verified, made from verified.h.
//
// A machine without verification never calls them, so that they cost it nothing.
#include <string.h>

#include "exports.h"

#define LIST "verified.h"

#define EXPORT(name, count) extern const char r3_verified_##name[];
#include LIST
#undef EXPORT

#define EXPORT(name, count) {#name, r3_verified_##name, count, R3ExportKindFunction},
static const R3Export exports[] = {
#include LIST
};
#undef EXPORT

const R3Export *r3_export_verified(const char *name) {
  for (size_t i = 0; i < sizeof exports / sizeof exports[0]; i++) {
    if (strcmp(exports[i].name, name) == 0) return &exports[i];
  }
  return NULL;
}
