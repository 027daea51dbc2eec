// Instructions by name: those that the compiler knows for this target but does not define.
#ifndef R3_INTRIN_H
#define R3_INTRIN_H

#include "crtdefs.h"
#include <intrin0.h>

R3_BEGIN

// MARK: Known to the compiler once declared

void __cpuid(int registers[4], int leaf);
void __cpuidex(int registers[4], int leaf, int sub);
void __debugbreak(void);
__declspec(noreturn) void __fastfail(unsigned int code);
__declspec(noreturn) void __int2c(void);
void __ud2(void);
void __faststorefence(void);
void _ReadBarrier(void);
void _WriteBarrier(void);
void *_ReturnAddress(void);
void *_AddressOfReturnAddress(void);
unsigned __int64 __rdtsc(void);
unsigned char __readgsbyte(unsigned long offset);
unsigned short __readgsword(unsigned long offset);
unsigned long __readgsdword(unsigned long offset);
unsigned __int64 __readgsqword(unsigned long offset);
void __writegsbyte(unsigned long offset, unsigned char value);
void __writegsword(unsigned long offset, unsigned short value);
void __writegsdword(unsigned long offset, unsigned long value);
void __writegsqword(unsigned long offset, unsigned __int64 value);
unsigned char _bittest(long const *base, long bit);
unsigned char _bittestandset(long *base, long bit);
unsigned char _bittestandreset(long *base, long bit);
unsigned char _bittestandcomplement(long *base, long bit);
unsigned char _bittest64(__int64 const *base, __int64 bit);
unsigned char _bittestandset64(__int64 *base, __int64 bit);
unsigned char _bittestandreset64(__int64 *base, __int64 bit);
unsigned char _interlockedbittestandset(long volatile *base, long bit);
unsigned char _interlockedbittestandreset(long volatile *base, long bit);
unsigned char _interlockedbittestandset64(__int64 volatile *base, __int64 bit);
unsigned char _interlockedbittestandreset64(__int64 volatile *base, __int64 bit);
__int64 __mulh(__int64 a, __int64 b);
unsigned __int64 __umulh(unsigned __int64 a, unsigned __int64 b);
__int64 _mul128(__int64 a, __int64 b, __int64 *high);
void __stosb(unsigned char *target, unsigned char value, size_t count);
void __movsb(unsigned char *target, unsigned char const *source, size_t count);

#define R3_INTRINSIC static __inline__ __attribute__((always_inline, nodebug, unused))
#define R3_ASM __asm__ __volatile__

// MARK: The processor

R3_INTRINSIC void __nop(void) { R3_ASM("nop"); }
R3_INTRINSIC void __halt(void) { R3_ASM("hlt" ::: "memory"); }
R3_INTRINSIC void _disable(void) { R3_ASM("cli" ::: "memory"); }
R3_INTRINSIC void _enable(void) { R3_ASM("sti" ::: "memory"); }
R3_INTRINSIC void __wbinvd(void) { R3_ASM("wbinvd" ::: "memory"); }
R3_INTRINSIC void __invlpg(void *address) { R3_ASM("invlpg (%0)" ::"r"(address) : "memory"); }
R3_INTRINSIC void __sidt(void *target) { R3_ASM("sidt (%0)" ::"r"(target) : "memory"); }
R3_INTRINSIC void __lidt(void *source) { R3_ASM("lidt (%0)" ::"r"(source) : "memory"); }
R3_INTRINSIC void _sgdt(void *target) { R3_ASM("sgdt (%0)" ::"r"(target) : "memory"); }
R3_INTRINSIC void _lgdt(void *source) { R3_ASM("lgdt (%0)" ::"r"(source) : "memory"); }

R3_INTRINSIC unsigned __int64 __readeflags(void) {
  unsigned __int64 value;
  R3_ASM("pushfq; popq %0" : "=r"(value)::"memory");
  return value;
}
R3_INTRINSIC void __writeeflags(unsigned __int64 value) {
  R3_ASM("pushq %0; popfq" ::"r"(value) : "memory", "cc");
}

#define R3_CONTROL_REGISTER(Number)                                                 \
  R3_INTRINSIC unsigned __int64 __readcr##Number(void) {                            \
    unsigned __int64 value;                                                         \
    R3_ASM("movq %%cr" #Number ", %0" : "=r"(value)::"memory");                     \
    return value;                                                                   \
  }                                                                                 \
  R3_INTRINSIC void __writecr##Number(unsigned __int64 value) {                     \
    R3_ASM("movq %0, %%cr" #Number ::"r"(value) : "memory");                        \
  }
R3_CONTROL_REGISTER(0)
R3_CONTROL_REGISTER(2)
R3_CONTROL_REGISTER(3)
R3_CONTROL_REGISTER(4)
R3_CONTROL_REGISTER(8)
#undef R3_CONTROL_REGISTER

#define R3_DEBUG_REGISTER(Number) \
  case Number: R3_ASM("movq %%dr" #Number ", %0" : "=r"(value)::"memory"); break;
R3_INTRINSIC unsigned __int64 __readdr(unsigned int number) {
  unsigned __int64 value = 0;
  switch (number) {
    R3_DEBUG_REGISTER(0)
    R3_DEBUG_REGISTER(1)
    R3_DEBUG_REGISTER(2)
    R3_DEBUG_REGISTER(3)
    R3_DEBUG_REGISTER(6)
    R3_DEBUG_REGISTER(7)
  }
  return value;
}
#undef R3_DEBUG_REGISTER
#define R3_DEBUG_REGISTER(Number) \
  case Number: R3_ASM("movq %0, %%dr" #Number ::"r"(value) : "memory"); break;
R3_INTRINSIC void __writedr(unsigned int number, unsigned __int64 value) {
  switch (number) {
    R3_DEBUG_REGISTER(0)
    R3_DEBUG_REGISTER(1)
    R3_DEBUG_REGISTER(2)
    R3_DEBUG_REGISTER(3)
    R3_DEBUG_REGISTER(6)
    R3_DEBUG_REGISTER(7)
  }
}
#undef R3_DEBUG_REGISTER

R3_INTRINSIC unsigned __int64 __readmsr(unsigned long number) {
  unsigned long low, high;
  R3_ASM("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
  return ((unsigned __int64)high << 32) | low;
}
R3_INTRINSIC void __writemsr(unsigned long number, unsigned __int64 value) {
  R3_ASM("wrmsr" ::"c"(number), "a"((unsigned long)value), "d"((unsigned long)(value >> 32))
         : "memory");
}
R3_INTRINSIC unsigned __int64 __readpmc(unsigned long counter) {
  unsigned long low, high;
  R3_ASM("rdpmc" : "=a"(low), "=d"(high) : "c"(counter));
  return ((unsigned __int64)high << 32) | low;
}
R3_INTRINSIC unsigned __int64 __rdtscp(unsigned int *processor) {
  unsigned long low, high, number;
  R3_ASM("rdtscp" : "=a"(low), "=d"(high), "=c"(number));
  *processor = (unsigned int)number;
  return ((unsigned __int64)high << 32) | low;
}

// MARK: Ports

#define R3_PORT(Suffix, Letter, Type)                                               \
  R3_INTRINSIC Type __in##Suffix(unsigned short port) {                             \
    Type value;                                                                     \
    R3_ASM("in" Letter " %1, %0" : "=a"(value) : "Nd"(port) : "memory");            \
    return value;                                                                   \
  }                                                                                 \
  R3_INTRINSIC void __out##Suffix(unsigned short port, Type value) {                \
    R3_ASM("out" Letter " %0, %1" ::"a"(value), "Nd"(port) : "memory");             \
  }                                                                                 \
  R3_INTRINSIC void __in##Suffix##string(unsigned short port, Type *target,         \
                                         unsigned long count) {                     \
    unsigned __int64 left = count;                                                  \
    R3_ASM("rep ins" Letter : "+D"(target), "+c"(left) : "d"(port) : "memory");     \
  }                                                                                 \
  R3_INTRINSIC void __out##Suffix##string(unsigned short port, Type *source,        \
                                          unsigned long count) {                    \
    unsigned __int64 left = count;                                                  \
    R3_ASM("rep outs" Letter : "+S"(source), "+c"(left) : "d"(port) : "memory");    \
  }
R3_PORT(byte, "b", unsigned char)
R3_PORT(word, "w", unsigned short)
R3_PORT(dword, "l", unsigned long)
#undef R3_PORT

// MARK: Runs of memory

#define R3_STORE(Suffix, Letter, Type)                                              \
  R3_INTRINSIC void __stos##Suffix(Type *target, Type value, size_t count) {        \
    R3_ASM("rep stos" Letter : "+D"(target), "+c"(count) : "a"(value) : "memory");  \
  }                                                                                 \
  R3_INTRINSIC void __movs##Suffix(Type *target, Type const *source, size_t count) {\
    R3_ASM("rep movs" Letter : "+D"(target), "+S"(source), "+c"(count)::"memory");  \
  }
R3_STORE(w, "w", unsigned short)
R3_STORE(d, "l", unsigned long)
R3_STORE(q, "q", unsigned __int64)
#undef R3_STORE

R3_END

#endif
