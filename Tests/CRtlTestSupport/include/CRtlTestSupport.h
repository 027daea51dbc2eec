// What a driver would hand to the runtime: functions in the Microsoft convention, and memory.
#ifndef CRTLTESTSUPPORT_H
#define CRTLTESTSUPPORT_H

#include <stdint.h>

/// `int (*)(const void *, const void *)` over int32_t.
const void *_Nonnull rtl_test_compare(void);
/// The same with a context in front: a factor for the result.
const void *_Nonnull rtl_test_compare_with_context(void);

/// The routines of a generic table whose elements begin with an int32_t; the context is a
/// pointer to the number of blocks that are allocated.
void *_Nonnull rtl_test_table_compare(void);
void *_Nonnull rtl_test_table_allocate(void);
void *_Nonnull rtl_test_table_allocate_avl(void);
void *_Nonnull rtl_test_table_free(void);
void *_Nonnull rtl_test_table_free_avl(void);
/// Matches elements that are multiples of the number that the match data points to.
void *_Nonnull rtl_test_match(void);
/// Counts its calls in the parameter and gives the context 0x1000.
const void *_Nonnull rtl_test_run_once(void);

#endif
