// The structures of x64 exception handling, as drivers and their language handlers know them.
//
// The driver kit headers define the same layouts under their own names for drivers.
#ifndef R3_CONTEXT_H
#define R3_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// The general registers in the order of their numbers in machine code.
typedef struct R3Registers {
  uint64_t rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi;
  uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
  uint64_t rip;
} R3Registers;

/// CONTEXT: all registers of a thread.
typedef struct R3Context {
  uint64_t home[6];
  uint32_t contextFlags;  // 0x030
  uint32_t mxCsr;         // 0x034
  uint16_t segCs, segDs, segEs, segFs, segGs, segSs;
  uint32_t eFlags;        // 0x044
  uint64_t dr0, dr1, dr2, dr3, dr6, dr7;
  R3Registers registers;  // 0x078
  struct {                // 0x100, the format of FXSAVE
    uint8_t head[0x18];
    uint32_t mxCsr, mxCsrMask;
    __uint128_t x87[8];
    __uint128_t xmm[16];  // 0x1A0
    uint8_t reserved[96];
  } fx;
  __uint128_t vectors[26];  // 0x300
  uint64_t vectorControl, debugControl, lastBranchTo, lastBranchFrom, lastExceptionTo, lastExceptionFrom;
} R3Context;

#define R3_CONTEXT_CONTROL 0x100001u
#define R3_CONTEXT_INTEGER 0x100002u
#define R3_CONTEXT_SEGMENTS 0x100004u
#define R3_CONTEXT_FLOATING_POINT 0x100008u
#define R3_CONTEXT_FULL 0x10000Fu

/// EXCEPTION_RECORD.
typedef struct R3ExceptionRecord {
  uint32_t code;
  uint32_t flags;
  struct R3ExceptionRecord *nested;  // 0x08
  uint64_t address;                  // 0x10
  uint32_t parameterCount;           // 0x18
  uint32_t padding;
  uint64_t parameters[15];           // 0x20
} R3ExceptionRecord;

/// EXCEPTION_POINTERS.
typedef struct R3ExceptionPointers {
  R3ExceptionRecord *record;
  R3Context *context;
} R3ExceptionPointers;

/// _JUMP_BUFFER: what setjmp keeps.
typedef struct R3JumpBuffer {
  uint64_t frame;
  uint64_t rbx, rsp, rbp, rsi, rdi, r12, r13, r14, r15, rip;
  uint32_t mxCsr;
  uint16_t x87Control, spare;
  __uint128_t xmm[10];  // xmm6 … xmm15
} R3JumpBuffer;

/// RUNTIME_FUNCTION: one entry of .pdata; all three are relative to the image.
typedef struct R3RuntimeFunction {
  uint32_t begin, end, unwindInfo;
} R3RuntimeFunction;

/// DISPATCHER_CONTEXT: what a language handler learns about the frame that it is called for.
typedef struct R3DispatcherContext {
  uint64_t controlPc;
  uint64_t imageBase;
  const R3RuntimeFunction *functionEntry;
  uint64_t establisherFrame;
  uint64_t targetIp;
  R3Context *context;
  uint64_t languageHandler;
  void *handlerData;
  void *historyTable;
  uint32_t scopeIndex;
  uint32_t fill;
} R3DispatcherContext;

_Static_assert(sizeof(R3Context) == 0x4D0, "CONTEXT is 0x4D0 bytes long");
_Static_assert(offsetof(R3Context, mxCsr) == 0x34 && offsetof(R3Context, segSs) == 0x42 &&
                   offsetof(R3Context, eFlags) == 0x44 && offsetof(R3Context, dr7) == 0x70 &&
                   offsetof(R3Context, registers) == 0x78 && offsetof(R3Context, fx) == 0x100 &&
                   offsetof(R3Context, fx.xmm) == 0x1A0 && offsetof(R3Context, vectors) == 0x300,
               "CONTEXT has other offsets");
_Static_assert(sizeof(R3ExceptionRecord) == 0x98, "EXCEPTION_RECORD is 0x98 bytes long");
_Static_assert(sizeof(R3JumpBuffer) == 0x100 && offsetof(R3JumpBuffer, xmm) == 0x60,
               "_JUMP_BUFFER is 0x100 bytes long");
_Static_assert(sizeof(R3DispatcherContext) == 0x50, "DISPATCHER_CONTEXT is 0x50 bytes long");

#pragma clang diagnostic pop
#endif
