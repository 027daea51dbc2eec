// What code that is built with the kernel address sanitizer calls: it looks at one shadow byte for each
// eight bytes of memory. 0: all may be touched; 1 to 7: so many of them; above: none, and why.

typedef unsigned long long Word;
typedef signed char Cell;

// What there is a shadow of: the system's addresses.
#define FIRST 0x500000000000ull
#define SPAN 0x300000000000ull

// As the compiler describes a global.
typedef struct {
  Word start, size, sizeWithRedzone;
  const char *name, *module;
  Word hasInitializer, place, indicator;
} Global;

#define LIST_CAPACITY 500

// The loader finds this at the beginning of a section of its own.
__attribute__((section("KASAN"), used)) struct {
  Word shadow;  // what the loader writes: the shadow of address 0
  Word mark;
  Word listCount;
  struct {
    const Global *first;
    Word count;
  } lists[LIST_CAPACITY];
} kasan = {.mark = 0x334E4153414B3352ull};

extern Word __asan_shadow_memory_dynamic_address __attribute__((alias("kasan")));

extern __declspec(dllimport) void *Ring3KasanReport(Word address, Word size, Word isWrite);

static __inline Cell *cell(Word address) { return (Cell *)(kasan.shadow + (address >> 3)); }

static __inline int isBad(Word address) {
  Cell value = *cell(address);
  return value != 0 && (Cell)(address & 7) >= value;
}

static __inline int isRangeBad(Word address, Word size) {
  if (size == 0 || address - FIRST >= SPAN) return 0;
  Word rest = FIRST + SPAN - address, last = address + (size < rest ? size : rest) - 1;
  for (Cell *at = cell(address); at < cell(last); at++) {
    if (*at != 0) return 1;
  }
  return isBad(last);
}

// MARK: Accesses. Reports are jumps, so that the caller is the driver.

#define ACCESS(kind, size, isWrite)                                                             \
  void *__asan_##kind##size(Word address) {                                                     \
    if (address - FIRST < SPAN && (isBad(address) || isBad(address + size - 1) ||               \
                                   (size == 16 && isBad(address + 8)))) {                       \
      return Ring3KasanReport(address, size, isWrite);                                          \
    }                                                                                           \
    return 0;                                                                                   \
  }
#define ACCESSES(kind, isWrite)                                                                 \
  ACCESS(kind, 1, isWrite)                                                                      \
  ACCESS(kind, 2, isWrite)                                                                      \
  ACCESS(kind, 4, isWrite)                                                                      \
  ACCESS(kind, 8, isWrite)                                                                      \
  ACCESS(kind, 16, isWrite)                                                                     \
  void *__asan_##kind##N(Word address, Word size) {                                             \
    return isRangeBad(address, size) ? Ring3KasanReport(address, size, isWrite) : 0;            \
  }

ACCESSES(load, 0)
ACCESSES(store, 1)

// MARK: Copies that the compiler makes of assignments

extern __declspec(dllimport) void *memcpy(void *to, const void *from, Word size);
extern __declspec(dllimport) void *memmove(void *to, const void *from, Word size);
extern __declspec(dllimport) void *memset(void *to, int byte, Word size);

void *__asan_memcpy(void *to, const void *from, Word size) {
  if (isRangeBad((Word)to, size)) return Ring3KasanReport((Word)to, size, 1);
  if (isRangeBad((Word)from, size)) return Ring3KasanReport((Word)from, size, 0);
  return memcpy(to, from, size);
}

void *__asan_memmove(void *to, const void *from, Word size) {
  if (isRangeBad((Word)to, size)) return Ring3KasanReport((Word)to, size, 1);
  if (isRangeBad((Word)from, size)) return Ring3KasanReport((Word)from, size, 0);
  return memmove(to, from, size);
}

void *__asan_memset(void *to, int byte, Word size) {
  if (isRangeBad((Word)to, size)) return Ring3KasanReport((Word)to, size, 1);
  return memset(to, byte, size);
}

// MARK: Marking memory. A volatile store keeps the compiler from calling memset.

static __inline void mark(Word shadow, Word count, Cell value) {
  for (Word i = 0; i < count; i++) ((volatile Cell *)shadow)[i] = value;
}

#define SET_SHADOW(name, value)                                                                 \
  void __asan_set_shadow_##name(Word shadow, Word count) { mark(shadow, count, (Cell)value); }

SET_SHADOW(00, 0)
SET_SHADOW(01, 1)
SET_SHADOW(02, 2)
SET_SHADOW(03, 3)
SET_SHADOW(04, 4)
SET_SHADOW(05, 5)
SET_SHADOW(06, 6)
SET_SHADOW(07, 7)
SET_SHADOW(f1, 0xF1)
SET_SHADOW(f2, 0xF2)
SET_SHADOW(f3, 0xF3)
SET_SHADOW(f5, 0xF5)
SET_SHADOW(f8, 0xF8)

// A variable comes into scope, or leaves it.
void __asan_unpoison_stack_memory(Word address, Word size) {
  mark((Word)cell(address), size >> 3, 0);
  if (size & 7) mark((Word)cell(address + size), 1, (Cell)(size & 7));
}

void __asan_poison_stack_memory(Word address, Word size) {
  mark((Word)cell(address), (size + 7) >> 3, (Cell)0xF8);
}

// What alloca gave: 32 bytes before it, and up to 63 behind, are nobody's.
void __asan_alloca_poison(Word address, Word size) {
  Word end = address + size, right = (end + 31) & ~31ull;
  mark((Word)cell(address - 32), 4, (Cell)0x81);
  if (end & 7) mark((Word)cell(end), 1, (Cell)(end & 7));
  end = (end + 7) & ~7ull;
  mark((Word)cell(end), ((right - end) >> 3) + 4, (Cell)0x83);
}

void __asan_allocas_unpoison(Word top, Word bottom) {
  if (top != 0 && top <= bottom) mark((Word)cell(top), (bottom - top) >> 3, 0);
}

// Frames that an exception or a bug check leaves are the kernel's to clear.
void __asan_handle_no_return(void) {}

// MARK: Globals

void __asan_register_globals(const Global *globals, Word count) {
  if (kasan.listCount < LIST_CAPACITY) {
    kasan.lists[kasan.listCount].first = globals;
    kasan.lists[kasan.listCount++].count = count;
  }
  for (Word i = 0; i < count; i++) {
    Word end = globals[i].start + globals[i].size;
    Word redzoneEnd = globals[i].start + globals[i].sizeWithRedzone;
    if (end & 7) mark((Word)cell(end), 1, (Cell)(end & 7));
    end = (end + 7) & ~7ull;
    if (end < redzoneEnd) mark((Word)cell(end), (redzoneEnd - end) >> 3, (Cell)0x84);
  }
}

// The kernel clears the shadow of an image that goes.
void __asan_unregister_globals(const Global *globals, Word count) { (void)globals, (void)count; }

// MARK: Entry

typedef void Initializer(void);

// The linker sorts what the compiler makes for the globals of each source between these two.
__attribute__((section(".CRT$XCA"), used)) Initializer *const KasanFirst[1] = {0};
__attribute__((section(".CRT$XCB"), used)) Initializer *const KasanLast[1] = {0};

extern long KasanNextEntry(void *driver, void *registryPath);

long KasanDriverEntry(void *driver, void *registryPath) {
  for (Initializer *const volatile *at = KasanFirst; at < KasanLast; at++) {
    if (*at) (*at)();
  }
  return KasanNextEntry(driver, registryPath);
}
