// From driver code into an export, and from Swift into driver code.
#include "assembly.h"

  .text
  .globl r3_entry_begin
r3_entry_begin:

// Saves what the driver expects unchanged in an R3Frame at RSP and links it. RAX, RCX, RDX, R8, R9
// and R10 stay as they are.
.macro ENTER_HOST
  .cfi_startproc
  sub rsp, FRAME_SIZE + 8
  .cfi_def_cfa_offset FRAME_SIZE + 16
  mov [rsp + FRAME_RBX], rbx
  mov [rsp + FRAME_RBP], rbp
  mov [rsp + FRAME_RDI], rdi
  mov [rsp + FRAME_RSI], rsi
  mov [rsp + FRAME_R12], r12
  mov [rsp + FRAME_R13], r13
  mov [rsp + FRAME_R14], r14
  mov [rsp + FRAME_R15], r15
  movaps [rsp + FRAME_XMM6], xmm6
  movaps [rsp + FRAME_XMM6 + 0x10], xmm7
  movaps [rsp + FRAME_XMM6 + 0x20], xmm8
  movaps [rsp + FRAME_XMM6 + 0x30], xmm9
  movaps [rsp + FRAME_XMM6 + 0x40], xmm10
  movaps [rsp + FRAME_XMM6 + 0x50], xmm11
  movaps [rsp + FRAME_XMM6 + 0x60], xmm12
  movaps [rsp + FRAME_XMM6 + 0x70], xmm13
  movaps [rsp + FRAME_XMM6 + 0x80], xmm14
  movaps [rsp + FRAME_XMM6 + 0x90], xmm15
  mov r11, gs:[THREAD_FRAMES]
  mov [rsp + FRAME_PREVIOUS], r11
  mov r11, [rsp + FRAME_SIZE + 8]
  mov [rsp + FRAME_RIP], r11
  lea r11, [rsp + FRAME_SIZE + 16]
  mov [rsp + FRAME_RSP], r11
  mov [rsp + FRAME_TARGET], rax
  mov gs:[THREAD_FRAMES], rsp
.endm

// Unlinks the frame at RSP and gives the driver its registers back, or leaves when the machine halted.
//
// The host's convention has kept RBX, RBP and R12 to R15; R10 is not touched.
.macro RESTORE_DRIVER
  mov r11, [rsp + FRAME_PREVIOUS]
  mov gs:[THREAD_FRAMES], r11
  mov r11, gs:[THREAD_HALTED]
  cmp dword ptr [r11], 0
  jne .Lhalted
  mov rdi, [rsp + FRAME_RDI]
  mov rsi, [rsp + FRAME_RSI]
  movaps xmm6, [rsp + FRAME_XMM6]
  movaps xmm7, [rsp + FRAME_XMM6 + 0x10]
  movaps xmm8, [rsp + FRAME_XMM6 + 0x20]
  movaps xmm9, [rsp + FRAME_XMM6 + 0x30]
  movaps xmm10, [rsp + FRAME_XMM6 + 0x40]
  movaps xmm11, [rsp + FRAME_XMM6 + 0x50]
  movaps xmm12, [rsp + FRAME_XMM6 + 0x60]
  movaps xmm13, [rsp + FRAME_XMM6 + 0x70]
  movaps xmm14, [rsp + FRAME_XMM6 + 0x80]
  movaps xmm15, [rsp + FRAME_XMM6 + 0x90]
  add rsp, FRAME_SIZE + 8
  .cfi_def_cfa_offset 8
.endm

// Goes back to the driver with RAX.
.macro LEAVE_HOST
  RESTORE_DRIVER
  ret
  .cfi_endproc
.endm

// Where the caller's fifth argument lies once the frame is made: return address, 32 bytes of home.
#define FIFTH (FRAME_SIZE + 8 + 0x28)

FUNCTION r3_export_entry4
  ENTER_HOST
  mov rdi, rcx
  mov rsi, rdx
  mov rdx, r8
  mov rcx, r9
  call rax
  LEAVE_HOST
END r3_export_entry4

FUNCTION r3_export_entry6
  ENTER_HOST
  mov rdi, rcx
  mov rsi, rdx
  mov rdx, r8
  mov rcx, r9
  mov r8, [rsp + FIFTH]
  mov r9, [rsp + FIFTH + 8]
  call rax
  LEAVE_HOST
END r3_export_entry6

// Arguments from the seventh on are copied below the frame, in their order. RBX keeps the frame.
FUNCTION r3_export_entryN
  ENTER_HOST
  mov rbx, rsp
  .cfi_def_cfa_register rbx
  lea r11d, [r10 - 6 + 1]
  and r11d, -2
  shl r11d, 3
  sub rsp, r11
  mov rdi, rcx
  mov rsi, rdx
  sub r10d, 6
1:
  mov r11, [rbx + FIFTH + 8 + r10 * 8]
  mov [rsp - 8 + r10 * 8], r11
  sub r10d, 1
  jnz 1b
  mov rdx, r8
  mov rcx, r9
  mov r8, [rbx + FIFTH]
  mov r9, [rbx + FIFTH + 8]
  call rax
  mov rsp, rbx
  .cfi_def_cfa_register rsp
  mov rbx, [rsp + FRAME_RBX]
  LEAVE_HOST
END r3_export_entryN

// The four register arguments go to their home places, so that all arguments lie in a row.
FUNCTION r3_export_entryVariadic
  ENTER_HOST
  lea rdi, [rsp + FRAME_SIZE + 16]
  mov [rdi], rcx
  mov [rdi + 8], rdx
  mov [rdi + 16], r8
  mov [rdi + 24], r9
  call rax
  LEAVE_HOST
END r3_export_entryVariadic

// With RAX = the R3Fallible of the export: its handler gets the arguments in a row, and the R3Fallible.
FUNCTION r3_export_entryFallible
  ENTER_HOST
  mov r11, [rax + FALLIBLE_FUNCTION]
  mov [rsp + FRAME_TARGET], r11
  lea rdi, [rsp + FRAME_SIZE + 16]
  mov [rdi], rcx
  mov [rdi + 8], rdx
  mov [rdi + 16], r8
  mov [rdi + 24], r9
  mov rsi, rax
  call [rax + FALLIBLE_HANDLER]
  LEAVE_HOST
END r3_export_entryFallible

// Called, not jumped to, by a stub of r3_make_missing_stub: the return address points into the stub,
// behind it lie the handler and the name.
FUNCTION r3_export_entryMissing
  pop r10
  mov rax, [r10 + 10]
  mov rcx, [r10 + 18]
  jmp r3_export_entry4
END r3_export_entryMissing

// Jumped to by a stub of r3_make_level_stub with R10 = the record: tells the handler, and then goes on
// with the call as if nothing had been. The arguments wait in their home places.
FUNCTION r3_export_entryLevel
  mov [rsp + 0x08], rcx
  mov [rsp + 0x10], rdx
  mov [rsp + 0x18], r8
  mov [rsp + 0x20], r9
  mov rax, [r10 + LEVEL_HANDLER]
  ENTER_HOST
  mov rbx, r10
  mov rdi, r10
  call rax
  mov r10, rbx
  mov rbx, [rsp + FRAME_RBX]
  RESTORE_DRIVER
  mov rcx, [rsp + 0x08]
  mov rdx, [rsp + 0x10]
  mov r8, [rsp + 0x18]
  mov r9, [rsp + 0x20]
  jmp [r10 + LEVEL_NEXT]
  .cfi_endproc
END r3_export_entryLevel

// Another thread halted the machine while this one was in an export.
.Lhalted:
  mov rdi, gs:[THREAD_SELF]
  movabs rsi, LEFT_HALTED
  jmp r3_leave

  .globl r3_entry_end
r3_entry_end:

// MARK: Into the driver. It keeps more registers than the host's convention asks for.

// uint64_t r3_call0(f) … r3_call4(f, a, b, c, d): registers that hold no argument do no harm.
  .globl r3_call0, r3_call1, r3_call2, r3_call3
  .type r3_call0, @function
  .type r3_call1, @function
  .type r3_call2, @function
  .type r3_call3, @function
  .p2align 4
r3_call0:
r3_call1:
r3_call2:
r3_call3:
FUNCTION r3_call4
  .cfi_startproc
  sub rsp, 0x28
  .cfi_def_cfa_offset 0x30
  mov rax, rdi
  mov r9, r8
  mov r8, rcx
  mov rcx, rsi
  call rax
  add rsp, 0x28
  .cfi_def_cfa_offset 8
  ret
  .cfi_endproc
END r3_call4

FUNCTION r3_call5
  .cfi_startproc
  sub rsp, 0x38
  .cfi_def_cfa_offset 0x40
  mov [rsp + 0x20], r9
  mov rax, rdi
  mov r9, r8
  mov r8, rcx
  mov rcx, rsi
  call rax
  add rsp, 0x38
  .cfi_def_cfa_offset 8
  ret
  .cfi_endproc
END r3_call5

FUNCTION r3_call6
  .cfi_startproc
  mov rax, [rsp + 8]
  sub rsp, 0x38
  .cfi_def_cfa_offset 0x40
  mov [rsp + 0x20], r9
  mov [rsp + 0x28], rax
  mov rax, rdi
  mov r9, r8
  mov r8, rcx
  mov rcx, rsi
  call rax
  add rsp, 0x38
  .cfi_def_cfa_offset 8
  ret
  .cfi_endproc
END r3_call6

// uint64_t r3_call8(f, const uint64_t arguments[8])
FUNCTION r3_call8
  mov edx, 8
  jmp r3_callN
END r3_call8

// uint64_t r3_callN(f, const uint64_t *arguments, uint64_t count)
FUNCTION r3_callN
  .cfi_startproc
  push rbp
  .cfi_def_cfa_offset 16
  .cfi_offset rbp, -16
  mov rbp, rsp
  .cfi_def_cfa_register rbp
  mov rax, rdi
  lea r10, [rdx * 8 + 15]
  and r10, -16
  sub rsp, r10
  sub rsp, 0x20
  test rdx, rdx
  jz 2f
1:
  mov r11, [rsi + rdx * 8 - 8]
  mov [rsp + rdx * 8 - 8], r11
  sub rdx, 1
  jnz 1b
2:
  mov rcx, [rsp]
  mov rdx, [rsp + 8]
  mov r8, [rsp + 16]
  mov r9, [rsp + 24]
  call rax
  mov rsp, rbp
  pop rbp
  .cfi_def_cfa rsp, 8
  ret
  .cfi_endproc
END r3_callN

  .section .note.GNU-stack, "", @progbits
