// Onto the kernel stack and off it again.
#include "assembly.h"

  .text

// uint64_t r3_enter(R3Thread *thread, uint64_t (*body)(void *), void *argument)
//
// What is kept on the host stack, from THREAD_HOST_STACK up: the chain of frames, MXCSR and the x87
// control word, padding, r15 r14 r13 r12 rbx rbp.
FUNCTION r3_enter
  .cfi_startproc
  cmp qword ptr [rdi + THREAD_HOST_STACK], 0
  jne .Lnested
  push rbp
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset rbp, 0
  push rbx
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset rbx, 0
  push r12
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset r12, 0
  push r13
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset r13, 0
  push r14
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset r14, 0
  push r15
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset r15, 0
  sub rsp, 0x18
  .cfi_adjust_cfa_offset 0x18
  mov rbx, rdi
  mov r12, rsi
  mov r13, rdx
  mov rax, [rbx + THREAD_FRAMES]
  mov [rsp], rax
  stmxcsr [rsp + 8]
  fnstcw [rsp + 12]
  mov rax, [rbx + THREAD_ENTRY_BASE]
  test rax, rax
  jnz 1f
  mov rax, [rbx + THREAD_STACK_BASE]
1:
  mov [rbx + THREAD_HOST_STACK], rsp
  mov rsp, rax
  // CFA = *(rbx + THREAD_HOST_STACK) + 0x50: DW_OP_breg3 0x218, DW_OP_deref, DW_OP_plus_uconst 0x50
  .cfi_remember_state
  .cfi_escape 0x0f, 6, 0x73, 0x98, 0x04, 0x06, 0x23, 0x50
  mov rdi, r13
  call r12
  mov rsp, [rbx + THREAD_HOST_STACK]
  .cfi_restore_state
.Lland:
  mov qword ptr [rbx + THREAD_HOST_STACK], 0
  mov rcx, [rsp]
  mov [rbx + THREAD_FRAMES], rcx
  add rsp, 0x18
  .cfi_adjust_cfa_offset -0x18
  pop r15
  .cfi_adjust_cfa_offset -8
  pop r14
  .cfi_adjust_cfa_offset -8
  pop r13
  .cfi_adjust_cfa_offset -8
  pop r12
  .cfi_adjust_cfa_offset -8
  pop rbx
  .cfi_adjust_cfa_offset -8
  pop rbp
  .cfi_adjust_cfa_offset -8
  ret
.Lnested:
  mov rax, rsi
  mov rdi, rdx
  jmp rax
  .cfi_endproc
END r3_enter

// void r3_leave(R3Thread *thread, uint64_t value)
//
// Swift code on the abandoned stack may have left accesses open.
FUNCTION r3_leave
  .cfi_startproc
  mov rbx, rdi
  mov r12, rsi
  mov rcx, [rbx + THREAD_HOST_STACK]
  test rcx, rcx
  jz .LnotEntered
  mov rsp, rcx
  mov qword ptr [rbx + THREAD_HOST_STACK], 0
  cld
  ldmxcsr [rsp + 8]
  fninit
  fldcw [rsp + 12]
  mov rdi, [rbx + THREAD_STACK_LIMIT]
  mov rsi, [rbx + THREAD_STACK_BASE]
  call r3_forget_accesses
  mov rax, r12
  jmp .Lland
.LnotEntered:
  ud2
  .cfi_endproc
END r3_leave

  .section .note.GNU-stack, "", @progbits
