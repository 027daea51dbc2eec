// The few bytes of machine code behind each import of a driver.
#include <string.h>

#include "offsets.h"
#include "r3.h"

void r3_export_entryMissing(void);
void r3_export_entryLevel(void);

static uint8_t *put(uint8_t *at, const void *bytes, size_t count) {
  memcpy(at, bytes, count);
  return at + count;
}

static void (*entryFor(unsigned argumentCount, int variadic))(void) {
  if (variadic) return r3_export_entryVariadic;
  if (argumentCount <= 4) return r3_export_entry4;
  return argumentCount <= 6 ? r3_export_entry6 : r3_export_entryN;
}

void r3_make_stub(uint8_t *at, const void *target, unsigned argumentCount, int variadic) {
  void (*entry)(void) = entryFor(argumentCount, variadic);
  memset(at, 0xCC, R3_STUB_SIZE);
  at = put(at, "\x48\xB8", 2);  // mov rax, target
  at = put(at, &target, 8);
  at = put(at, "\x41\xBA", 2);  // mov r10d, argumentCount
  at = put(at, &argumentCount, 4);
  at = put(at, "\x49\xBB", 2);  // mov r11, entry
  at = put(at, &entry, 8);
  put(at, "\x41\xFF\xE3", 3);  // jmp r11
}

void r3_make_fallible_stub(uint8_t *at, const R3Fallible *fallible) {
  void (*entry)(void) = r3_export_entryFallible;
  memset(at, 0xCC, R3_STUB_SIZE);
  at = put(at, "\x48\xB8", 2);  // mov rax, fallible
  at = put(at, &fallible, 8);
  at = put(at, "\x49\xBB", 2);  // mov r11, entry
  at = put(at, &entry, 8);
  put(at, "\x41\xFF\xE3", 3);  // jmp r11
}

typedef uint64_t Export(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                        uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);

// What an export does not ask for does no harm behind its arguments.
uint64_t r3_pass(const void *function, const uint64_t *arguments, unsigned count) {
  uint64_t a[16] = {0};
  memcpy(a, arguments, (count < 16 ? count : 16) * sizeof a[0]);
  Export *export = (Export *)function;
  return export(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13],
                a[14], a[15]);
}

void r3_make_missing_stub(uint8_t *at, const void *handler, const char *name) {
  void (*entry)(void) = r3_export_entryMissing;
  at = put(at, "\xFF\x15\x02\x00\x00\x00\xCC\xCC", 8);  // call [rip + 2]
  at = put(at, &entry, 8);
  at = put(at, &handler, 8);
  put(at, &name, 8);
}

// cmp byte ptr gs:[irql], level; jcc bad
static uint8_t *putComparison(uint8_t *at, uint8_t level, uint8_t jump, const uint8_t *bad) {
  const uint32_t irql = THREAD_IRQL;
  at = put(at, "\x65\x80\x3C\x25", 4);
  at = put(at, &irql, 4);
  *at++ = level;
  *at++ = jump;
  at[0] = (uint8_t)(bad - (at + 1));
  return at + 1;
}

void r3_make_level_stub(uint8_t *at, const R3LevelRecord *record) {
  void (*entry)(void) = r3_export_entryLevel;
  uint8_t *bad = at + 34;
  memset(at, 0xCC, R3_LEVEL_STUB_SIZE);
  at = putComparison(at, record->highest, 0x77, bad);  // ja
  at = putComparison(at, record->lowest, 0x72, bad);   // jb
  at = put(at, "\x48\xB8", 2);  // mov rax, next
  at = put(at, &record->next, 8);
  put(at, "\xFF\xE0", 2);  // jmp rax
  at = put(bad, "\x49\xBA", 2);  // mov r10, record
  at = put(at, &record, 8);
  at = put(at, "\x49\xBB", 2);  // mov r11, entry
  at = put(at, &entry, 8);
  put(at, "\x41\xFF\xE3", 3);  // jmp r11
}
