// The names that a driver may import, and what stands behind each.
#ifndef R3_EXPORTS_H
#define R3_EXPORTS_H

#include <stddef.h>
#include <stdint.h>

#include "r3_fallible.h"

/// How an import of this name is bound.
typedef enum __attribute__((enum_extensibility(closed))) R3ExportKind : uint32_t {
  R3ExportKindFunction,  // a stub that calls `function` with `argumentCount` integer arguments
  R3ExportKindVariadic,  // a stub that calls `function` with one pointer to all arguments
  R3ExportKindLeaf,      // `function` itself: assembly in the Microsoft convention
  R3ExportKindData,      // a variable of `argumentCount` bytes in a page of the machine
} R3ExportKind;

/// One name that a driver may import.
typedef struct R3Export {
  const char *_Nonnull name;
  const void *_Nullable function;  // NULL for data
  uint32_t argumentCount;          // for data: its size in bytes
  R3ExportKind kind;
} R3Export;

/// The export of that name, or NULL when Ring3 does not implement it.
const R3Export *_Nullable r3_export_find(const char *_Nonnull name);

/// How the export of that name, of the system or of KMDF, fails for want of memory; NULL when it does
/// not.
///
/// The handlers of all are the same Swift function.
const R3Fallible *_Nullable r3_fallible_find(const char *_Nonnull name);

/// The number of exports that may fail.
size_t r3_fallible_count(void);

/// One of them, in no order.
const R3Fallible *_Nonnull r3_fallible_at(size_t index);

/// The export that a verified machine binds in the place of the one of that name, or NULL.
const R3Export *_Nullable r3_export_verified(const char *_Nonnull name);

/// An export without the short way ahead of it; itself when it has none.
const R3Export *_Nonnull r3_export_usual(const R3Export *_Nonnull export);

/// The number of exports.
size_t r3_export_count(void);

/// The export at a position in the order of names.
const R3Export *_Nonnull r3_export_at(size_t index);

/// The KMDF function in a slot of the framework's table, or NULL beyond its end.
///
/// `function` is NULL while Ring3 does not implement it; `argumentCount` counts the driver globals too.
const R3Export *_Nullable r3_wdf_function(size_t slot);

/// The number of slots of the newest KMDF, 1.33.
size_t r3_wdf_function_count(void);

/// The number of slots in the table of KMDF 1.`minor`; 0 for a version after 1.33.
size_t r3_wdf_slot_count(uint32_t minor);

#endif
