// The table behind exports.h, made from the lists.
//
//   EXPORT(name, count)            the Swift function r3_name with so many integer arguments
//   EXPORT_VARIADIC(name)          the Swift function r3_name gets a pointer to all arguments
//   EXPORT_QUICK(name, count)      the same with a short way ahead of it, see quick.S
//   EXPORT_LEAF(name, function)    an assembly function, bound directly
//   EXPORT_DATA(name, size)        a variable; the machine places it
//   EXPORT_ALIAS(name, existing)   a second name of another export
#include "exports.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LISTS "lists.h"

// First pass: declare what the lists refer to.
#define EXPORT(name, count) extern const char r3_##name[];
#define EXPORT_VARIADIC(name) extern const char r3_##name[];
#define EXPORT_QUICK(name, count) extern const char r3_quick_##name[];
#define EXPORT_LEAF(name, function) extern const char function[];
#define EXPORT_DATA(name, size)
#define EXPORT_ALIAS(name, existing)
#include LISTS
#undef EXPORT
#undef EXPORT_VARIADIC
#undef EXPORT_QUICK
#undef EXPORT_LEAF
#undef EXPORT_DATA
#undef EXPORT_ALIAS

// Second pass: the entries. The last one is never found; it keeps the array from being empty.
typedef struct Entry {
  R3Export export;
  const char *aliasOf;
} Entry;

#define EXPORT(name, count) {{#name, r3_##name, count, R3ExportKindFunction}, NULL},
#define EXPORT_VARIADIC(name) {{#name, r3_##name, 0, R3ExportKindVariadic}, NULL},
#define EXPORT_QUICK(name, count) {{#name, r3_quick_##name, count, R3ExportKindLeaf}, NULL},
#define EXPORT_LEAF(name, function) {{#name, function, 0, R3ExportKindLeaf}, NULL},
#define EXPORT_DATA(name, size) {{#name, NULL, size, R3ExportKindData}, NULL},
#define EXPORT_ALIAS(name, existing) {{#name, NULL, 0, R3ExportKindFunction}, #existing},
static Entry entries[] = {
#include LISTS
    {{"", NULL, 0, R3ExportKindData}, NULL},
};
#undef EXPORT
#undef EXPORT_VARIADIC
#undef EXPORT_QUICK
#undef EXPORT_LEAF
#undef EXPORT_DATA
#undef EXPORT_ALIAS

enum { count = sizeof entries / sizeof entries[0] - 1 };

static pthread_once_t once = PTHREAD_ONCE_INIT;

static int byName(const void *a, const void *b) {
  return strcmp(((const Entry *)a)->export.name, ((const Entry *)b)->export.name);
}

static Entry *search(const char *name) {
  Entry key = {{name, NULL, 0, R3ExportKindData}, NULL};
  return bsearch(&key, entries, count, sizeof entries[0], byName);
}

static void prepare(void) {
  qsort(entries, count, sizeof entries[0], byName);
  for (size_t i = 0; i < count; i++) {
    if (!entries[i].aliasOf) continue;
    const Entry *target = search(entries[i].aliasOf);
    // A mistake in the lists, not in a driver: every start-up would show it.
    if (!target || target->aliasOf) abort();
    entries[i].export.function = target->export.function;
    entries[i].export.argumentCount = target->export.argumentCount;
    entries[i].export.kind = target->export.kind;
  }
}

const R3Export *r3_export_find(const char *name) {
  pthread_once(&once, prepare);
  const Entry *entry = search(name);
  return entry ? &entry->export : NULL;
}

// Fourth pass: what stands behind the short ways.
#define EXPORT(name, count)
#define EXPORT_VARIADIC(name)
#define EXPORT_QUICK(name, count) extern const char r3_##name[] __attribute__((weak));
#define EXPORT_LEAF(name, function)
#define EXPORT_DATA(name, size)
#define EXPORT_ALIAS(name, existing)
#include LISTS
#undef EXPORT_QUICK

typedef struct Usual {
  const void *quick;
  R3Export export;
} Usual;

#define EXPORT_QUICK(name, count) {r3_quick_##name, {#name, r3_##name, count, R3ExportKindFunction}},
static const Usual usual[] = {
#include LISTS
    {NULL, {"", NULL, 0, R3ExportKindData}},
};
#undef EXPORT
#undef EXPORT_VARIADIC
#undef EXPORT_QUICK
#undef EXPORT_LEAF
#undef EXPORT_DATA
#undef EXPORT_ALIAS

const R3Export *r3_export_usual(const R3Export *export) {
  for (const Usual *entry = usual; entry->quick; entry++) {
    if (entry->quick == export->function) return entry->export.function ? &entry->export : export;
  }
  return export;
}

size_t r3_export_count(void) { return count; }

const R3Export *r3_export_at(size_t index) {
  pthread_once(&once, prepare);
  return &entries[index].export;
}
