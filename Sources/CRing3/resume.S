// Into and out of a driver at any instruction, with all its registers.
#include "assembly.h"

  .text

// void r3_load_registers(const R3Context *context)
//
// Four words below the target's stack pointer are used: its convention has no red zone. Nothing is
// read from `context`, which may lie below that, once RSP has moved.
FUNCTION r3_load_registers
  ldmxcsr [rdi + CONTEXT_MXCSR]
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  movaps xmm\n, [rdi + CONTEXT_XMM0 + \n * 16]
.endr
  mov rsi, [rdi + CONTEXT_RSP]
  mov rax, [rdi + CONTEXT_RIP]
  mov [rsi - 8], rax
  mov eax, [rdi + CONTEXT_EFLAGS]
  mov [rsi - 16], rax
  mov rax, [rdi + CONTEXT_RDI]
  mov [rsi - 24], rax
  mov rax, [rdi + CONTEXT_RSI]
  mov [rsi - 32], rax
  mov rax, [rdi + CONTEXT_RAX]
  mov rcx, [rdi + CONTEXT_RCX]
  mov rdx, [rdi + CONTEXT_RDX]
  mov rbx, [rdi + CONTEXT_RBX]
  mov rbp, [rdi + CONTEXT_RBP]
  mov r8, [rdi + CONTEXT_R8]
  mov r9, [rdi + CONTEXT_R9]
  mov r10, [rdi + CONTEXT_R10]
  mov r11, [rdi + CONTEXT_R11]
  mov r12, [rdi + CONTEXT_R12]
  mov r13, [rdi + CONTEXT_R13]
  mov r14, [rdi + CONTEXT_R14]
  mov r15, [rdi + CONTEXT_R15]
  lea rsp, [rsi - 32]
  pop rsi
  pop rdi
  popfq
  ret
END r3_load_registers

// void r3_call_on_stack(void *stack, void (*function)(void *, void *), void *a, void *b): no return.
FUNCTION r3_call_on_stack
  .cfi_startproc
  .cfi_undefined rip
  mov rsp, rdi
  mov rax, rsi
  mov rdi, rdx
  mov rsi, rcx
  cld
  call rax
  ud2
  .cfi_endproc
END r3_call_on_stack

// Where r3_inject_call lets a thread go on. On the stack: function, argument, RIP to go on at.
FUNCTION r3_injected
  pushfq
  push rax
  push rcx
  push rdx
  push r8
  push r9
  push r10
  push r11
  push rbp
  mov rbp, rsp
#define INJECTED_FUNCTION (9 * 8)
#define INJECTED_ARGUMENT (10 * 8)
#define INJECTED_RIP (11 * 8)
#define INJECTED_RSP (12 * 8)
  sub rsp, FRAME_SIZE + 0x60
  and rsp, -16
  cld
.irp n, 0, 1, 2, 3, 4, 5
  movaps [rsp + FRAME_SIZE + \n * 16], xmm\n
.endr
.irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  movaps [rsp + FRAME_XMM6 + (\n - 6) * 16], xmm\n
.endr
  mov [rsp + FRAME_RBX], rbx
  mov rax, [rbp]
  mov [rsp + FRAME_RBP], rax
  mov [rsp + FRAME_RDI], rdi
  mov [rsp + FRAME_RSI], rsi
  mov [rsp + FRAME_R12], r12
  mov [rsp + FRAME_R13], r13
  mov [rsp + FRAME_R14], r14
  mov [rsp + FRAME_R15], r15
  mov rax, gs:[THREAD_FRAMES]
  mov [rsp + FRAME_PREVIOUS], rax
  mov rax, [rbp + INJECTED_RIP]
  mov [rsp + FRAME_RIP], rax
  lea rax, [rbp + INJECTED_RSP]
  mov [rsp + FRAME_RSP], rax
  mov rax, [rbp + INJECTED_FUNCTION]
  mov [rsp + FRAME_TARGET], rax
  mov gs:[THREAD_FRAMES], rsp
  mov rdi, [rbp + INJECTED_ARGUMENT]
  call rax
  mov rax, [rsp + FRAME_PREVIOUS]
  mov gs:[THREAD_FRAMES], rax
  mov rax, gs:[THREAD_HALTED]
  cmp dword ptr [rax], 0
  jne 1f
.irp n, 0, 1, 2, 3, 4, 5
  movaps xmm\n, [rsp + FRAME_SIZE + \n * 16]
.endr
.irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  movaps xmm\n, [rsp + FRAME_XMM6 + (\n - 6) * 16]
.endr
  // The function may have changed any of them.
  mov rbx, [rsp + FRAME_RBX]
  mov rdi, [rsp + FRAME_RDI]
  mov rsi, [rsp + FRAME_RSI]
  mov r12, [rsp + FRAME_R12]
  mov r13, [rsp + FRAME_R13]
  mov r14, [rsp + FRAME_R14]
  mov r15, [rsp + FRAME_R15]
  mov rsp, rbp
  pop rbp
  pop r11
  pop r10
  pop r9
  pop r8
  pop rdx
  pop rcx
  pop rax
  popfq
  lea rsp, [rsp + 16]
  ret
1:
  mov rdi, gs:[THREAD_SELF]
  movabs rsi, LEFT_HALTED
  jmp r3_leave
END r3_injected

  .section .note.GNU-stack, "", @progbits
