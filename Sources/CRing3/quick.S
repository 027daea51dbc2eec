// Exports with a short way ahead of the usual one: a Swift function that answers at once, or says that
// the usual export has to be called.
//
// The short way needs no R3Frame: it cannot fault and calls nothing but its own parts, and in an
// optimized build its code uses none of XMM6 to XMM15 (`Benchmarks/guard` looks). Other builds take the
// usual way alone, which tries the same functions first.
#include "assembly.h"

  .text

// The usual way, with the arguments where the caller put them.
.macro LONG_WAY name, count
  .weak r3_\name
  mov rax, [rip + r3_\name@GOTPCREL]
  mov r10d, \count
  jmp r3_export_entry4
.endm

// RDI = the thread's pool cache, RDI and RSI kept; goes to label 2 without one, and from DISPATCH_LEVEL
// up.
//
// The Swift function takes its arguments in the registers in which the driver put them (RCX, RDX, R8)
// and the cache in RDI. RDI's own value waits in the last of the four home places, which no short way
// needs, RSI's on the stack, which aligns it.
//
// Nobody asks here whether the machine has halted: the thread is interrupted in the driver.
.macro POOL_CACHE
  cmp byte ptr gs:[THREAD_IRQL], 2
  jae 3f
  mov [rsp + 0x20], rdi
  .cfi_offset rdi, 0x18
  mov rdi, gs:[THREAD_POOL_CACHE]
  test rdi, rdi
  jz 2f
  mov [rsp + 0x08], rcx
.endm

.macro CALL_SWIFT name
  push rsi
  .cfi_adjust_cfa_offset 8
  .cfi_offset rsi, -16
  call r3_quickly_\name
  pop rsi
  .cfi_adjust_cfa_offset -8
  .cfi_restore rsi
  mov rdi, [rsp + 0x20]
  .cfi_remember_state
  .cfi_restore rdi
  test rax, rax
  jz 1f
  ret
  .cfi_restore_state
.endm

// void *ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T count, ULONG tag)
FUNCTION r3_quick_ExAllocatePoolWithTag
  .cfi_startproc
#ifndef DEBUG
  .weak r3_quickly_ExAllocatePoolWithTag
  POOL_CACHE
  mov [rsp + 0x10], rdx
  mov [rsp + 0x18], r8
  CALL_SWIFT ExAllocatePoolWithTag
1:
  mov rcx, [rsp + 0x08]
  mov rdx, [rsp + 0x10]
  mov r8, [rsp + 0x18]
2:
  mov rdi, [rsp + 0x20]
  .cfi_restore rdi
3:
#endif
  LONG_WAY ExAllocatePoolWithTag, 3
  .cfi_endproc
END r3_quick_ExAllocatePoolWithTag

// void ExFreePoolWithTag(void *block, ULONG tag)
FUNCTION r3_quick_ExFreePoolWithTag
  .cfi_startproc
#ifndef DEBUG
  .weak r3_quickly_ExFreePoolWithTag
  POOL_CACHE
  mov [rsp + 0x10], rdx
  CALL_SWIFT ExFreePoolWithTag
1:
  mov rcx, [rsp + 0x08]
  mov rdx, [rsp + 0x10]
2:
  mov rdi, [rsp + 0x20]
  .cfi_restore rdi
3:
#endif
  LONG_WAY ExFreePoolWithTag, 2
  .cfi_endproc
END r3_quick_ExFreePoolWithTag

// void ExFreePool(void *block)
FUNCTION r3_quick_ExFreePool
  .cfi_startproc
#ifndef DEBUG
  .weak r3_quickly_ExFreePool
  POOL_CACHE
  CALL_SWIFT ExFreePool
1:
  mov rcx, [rsp + 0x08]
2:
  mov rdi, [rsp + 0x20]
  .cfi_restore rdi
3:
#endif
  LONG_WAY ExFreePool, 1
  .cfi_endproc
END r3_quick_ExFreePool

// What the driver expects unchanged and Swift may change.
.macro KEEP_REGISTERS
  push rdi
  .cfi_adjust_cfa_offset 8
  push rsi
  .cfi_adjust_cfa_offset 8
  sub rsp, 8
  .cfi_adjust_cfa_offset 8
.endm

.macro RESTORE_REGISTERS
  add rsp, 8
  .cfi_adjust_cfa_offset -8
  pop rsi
  .cfi_adjust_cfa_offset -8
  pop rdi
  .cfi_adjust_cfa_offset -8
.endm

// void IofCompleteRequest(IRP *irp, CCHAR boost)
FUNCTION r3_quick_IofCompleteRequest
  .cfi_startproc
#ifndef DEBUG
  .weak r3_quickly_IofCompleteRequest
  mov [rsp + 0x08], rcx
  mov [rsp + 0x10], rdx
  KEEP_REGISTERS
  mov rdi, rcx
  mov rsi, gs:[THREAD_SELF]
  call r3_quickly_IofCompleteRequest
  RESTORE_REGISTERS
  test eax, eax
  jz 1f
  ret
1:
  mov rcx, [rsp + 0x08]
  mov rdx, [rsp + 0x10]
#endif
  LONG_WAY IofCompleteRequest, 2
  .cfi_endproc
END r3_quick_IofCompleteRequest

  .section .note.GNU-stack, "", @progbits
