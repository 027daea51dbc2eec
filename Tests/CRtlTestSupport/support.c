#include "CRtlTestSupport.h"

#include <stdlib.h>

#define DRIVER __attribute__((ms_abi))

static DRIVER int compare(const int32_t *a, const int32_t *b) { return (*a > *b) - (*a < *b); }

static DRIVER int compareWithContext(const int32_t *factor, const int32_t *a, const int32_t *b) {
  return ((*a > *b) - (*a < *b)) * *factor;
}

// Less, greater, equal as a driver says them.
static DRIVER uint32_t tableCompare(void *table, const int32_t *a, const int32_t *b) {
  (void)table;
  return *a < *b ? 0 : *a > *b ? 1 : 2;
}

// The context is the last pointer of either table structure: at 0x40 and at 0x60.
static int32_t *counter(void *table, int offset) { return *(int32_t **)((char *)table + offset); }

static DRIVER void *tableAllocate(void *table, uint32_t size) {
  ++*counter(table, 0x40);
  return malloc(size);
}

static DRIVER void *tableAllocateAvl(void *table, uint32_t size) {
  ++*counter(table, 0x60);
  return malloc(size);
}

static DRIVER void tableFree(void *table, void *block) {
  --*counter(table, 0x40);
  free(block);
}

static DRIVER void tableFreeAvl(void *table, void *block) {
  --*counter(table, 0x60);
  free(block);
}

static DRIVER int32_t match(void *table, const int32_t *element, const int32_t *divisor) {
  (void)table;
  return *element % *divisor == 0 ? 0 : (int32_t)0xC0000272;
}

static DRIVER uint32_t runOnce(void *once, uint64_t *count, uint64_t *context) {
  (void)once;
  ++*count;
  *context = 0x1000;
  return 1;
}

const void *rtl_test_run_once(void) { return (const void *)runOnce; }
const void *rtl_test_compare(void) { return (const void *)compare; }
const void *rtl_test_compare_with_context(void) { return (const void *)compareWithContext; }
void *rtl_test_table_compare(void) { return (void *)tableCompare; }
void *rtl_test_table_allocate(void) { return (void *)tableAllocate; }
void *rtl_test_table_allocate_avl(void) { return (void *)tableAllocateAvl; }
void *rtl_test_table_free(void) { return (void *)tableFree; }
void *rtl_test_table_free_avl(void) { return (void *)tableFreeAvl; }
void *rtl_test_match(void) { return (void *)match; }
