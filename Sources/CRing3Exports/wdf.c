// The table behind the KMDF half of exports.h, made from lists/wdf.inc.
//
// A function of the framework exists when Swift defines r3_<name>; until then the weak symbol is
// NULL and the slot is not implemented.
#include "exports.h"

#define LIST "lists/wdf.inc"

#define WDF(slot, name, count) extern const char r3_##name[] __attribute__((weak));
#include LIST
#undef WDF

#define WDF(slot, name, count) [slot] = {#name, r3_##name, count, R3ExportKindFunction},
static const R3Export functions[] = {
#include LIST
};
#undef WDF

// A slot that is named twice or left out would make the table shorter than its list.
#define WDF(slot, name, count) +1
_Static_assert(sizeof functions / sizeof functions[0] == 0
#include LIST
               , "lists/wdf.inc names every slot once");
#undef WDF

// The versions at which the table grew, and the slots since then.
static const struct {
  uint32_t minor;
  uint32_t slots;
} growth[] = {
    {0, 383},  {1, 386},  {5, 387},  {9, 396},  {11, 432}, {13, 438}, {15, 444},
    {19, 446}, {21, 448}, {23, 451}, {25, 453}, {29, 454}, {31, 458},
};

size_t r3_wdf_function_count(void) { return sizeof functions / sizeof functions[0]; }

const R3Export *r3_wdf_function(size_t slot) {
  return slot < r3_wdf_function_count() ? &functions[slot] : NULL;
}

size_t r3_wdf_slot_count(uint32_t minor) {
  // 1.33 is the newest version that is known.
  if (minor > 33) return 0;
  size_t slots = 0;
  for (size_t i = 0; i < sizeof growth / sizeof growth[0]; i++) {
    if (growth[i].minor <= minor) slots = growth[i].slots;
  }
  return slots;
}
