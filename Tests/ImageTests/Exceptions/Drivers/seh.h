// What the drivers of these tests use, declared by hand: they depend on nothing but the compiler.
#pragma once

typedef unsigned char UCHAR;
typedef unsigned int ULONG;
typedef unsigned long long U64;

#define NOINLINE __declspec(noinline)
#define IMPORT __declspec(dllimport)

typedef struct Record {
  ULONG code, flags;
  struct Record *nested;
  void *address;
  ULONG count;
  U64 parameters[15];
} Record;

typedef struct __declspec(align(16)) Context {
  U64 home[6];
  ULONG flags, mxcsr;
  unsigned short segments[6];
  ULONG eflags;
  U64 debug[6];
  U64 rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15, rip;
  UCHAR rest[0x4D0 - 0x100];
} Context;

typedef struct Pointers {
  Record *record;
  Context *context;
} Pointers;

typedef struct Dispatcher {
  U64 pc, base;
  void *function;
  U64 establisher, target;
  Context *context;
  void *handler, *data, *history;
  ULONG scope;
} Dispatcher;

#define CODE _exception_code()
#define INFO ((Pointers *)_exception_info())

IMPORT void ExRaiseStatus(long status);
IMPORT void RtlRaiseException(Record *record);
IMPORT void RtlCaptureContext(Context *context);
IMPORT void *RtlLookupFunctionEntry(U64 pc, U64 *base, void *history);
IMPORT void *RtlVirtualUnwind(ULONG kind, U64 base, U64 pc, void *function, Context *context, void **data,
                              U64 *establisher, void *places);
IMPORT unsigned short RtlCaptureStackBackTrace(ULONG skip, ULONG count, void **addresses, ULONG *hash);
IMPORT void *RtlPcToFileHeader(void *pc, void **base);
IMPORT void RtlUnwind(void *frame, void *target, void *record, void *value);
IMPORT void *memcpy(void *to, const void *from, unsigned long long count);
IMPORT void *memset(void *to, int byte, unsigned long long count);
IMPORT UCHAR KeGetCurrentIrql(void);
IMPORT int __C_specific_handler(Record *record, void *frame, Context *context, Dispatcher *dispatcher);

int DriverEntry(void *driver, void *path);
