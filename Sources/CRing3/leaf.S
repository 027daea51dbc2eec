// Exports that a driver calls directly: Microsoft convention, no frame, volatile registers only.
//
// A bad pointer faults here as if it were in the driver: the fault unwinds as out of a leaf function.
// Between r3_leaf_parked_begin and _end, RDI and RSI wait in R10 and R11; the fault code puts them
// back. This holds at every instruction of that range. Between r3_leaf_held_begin and _end the same
// is true of RBX and R10.
#include "assembly.h"

// From this size on, the string instructions of the processor beat a loop over SSE registers.
#define LARGE 768

  .text
  .globl r3_leaf_begin, r3_leaf_end, r3_leaf_parked_begin, r3_leaf_parked_end
r3_leaf_begin:

// void *memcpy(void *to, const void *from, size_t count): as in the real kernel it is memmove.
  .globl r3_leaf_memcpy
  .type r3_leaf_memcpy, @function
  .p2align 4
r3_leaf_memcpy:
FUNCTION r3_leaf_memmove
  mov rax, rcx
  cmp r8, 16
  jb .LcopySmall
  cmp r8, 32
  ja 1f
  movups xmm0, [rdx]
  movups xmm1, [rdx + r8 - 16]
  movups [rcx], xmm0
  movups [rcx + r8 - 16], xmm1
  ret
1:
  cmp r8, 64
  ja .LcopyMany
  movups xmm0, [rdx]
  movups xmm1, [rdx + 16]
  movups xmm2, [rdx + r8 - 32]
  movups xmm3, [rdx + r8 - 16]
  movups [rcx], xmm0
  movups [rcx + 16], xmm1
  movups [rcx + r8 - 32], xmm2
  movups [rcx + r8 - 16], xmm3
  ret

.LcopyMany:
  mov r9, rcx
  sub r9, rdx
  cmp r9, r8
  jb .LcopyBackward
  cmp r8, LARGE
  jb .LcopyForward
  // The string instructions are slow as a copy byte by byte when the target lies 1 to 31 bytes further
  // on in its page than the source.
  lea r10d, [r9 - 1]
  and r10d, 0xFFF
  cmp r10d, 31
  jb .LcopyForward
  neg r9
  cmp r9, r8
  jae .LcopyLarge

// The last 32 bytes are read first and written last; before them runs a loop.
.LcopyForward:
  movups xmm4, [rdx + r8 - 32]
  movups xmm5, [rdx + r8 - 16]
  lea r9, [rcx + r8]
  .p2align 4
1:
  movups xmm0, [rdx]
  movups xmm1, [rdx + 16]
  movups xmm2, [rdx + 32]
  movups xmm3, [rdx + 48]
  movups [rcx], xmm0
  movups [rcx + 16], xmm1
  movups [rcx + 32], xmm2
  movups [rcx + 48], xmm3
  add rdx, 64
  add rcx, 64
  sub r8, 64
  cmp r8, 64
  ja 1b
  cmp r8, 32
  jbe 2f
  movups xmm0, [rdx]
  movups xmm1, [rdx + 16]
  movups [rcx], xmm0
  movups [rcx + 16], xmm1
2:
  movups [r9 - 32], xmm4
  movups [r9 - 16], xmm5
  ret

.LcopyBackward:
  movups xmm4, [rdx]
  movups xmm5, [rdx + 16]
  .p2align 4
1:
  movups xmm0, [rdx + r8 - 16]
  movups xmm1, [rdx + r8 - 32]
  movups xmm2, [rdx + r8 - 48]
  movups xmm3, [rdx + r8 - 64]
  movups [rcx + r8 - 16], xmm0
  movups [rcx + r8 - 32], xmm1
  movups [rcx + r8 - 48], xmm2
  movups [rcx + r8 - 64], xmm3
  sub r8, 64
  cmp r8, 64
  ja 1b
  cmp r8, 32
  jbe 2f
  movups xmm0, [rdx + r8 - 16]
  movups xmm1, [rdx + r8 - 32]
  movups [rcx + r8 - 16], xmm0
  movups [rcx + r8 - 32], xmm1
2:
  movups [rcx], xmm4
  movups [rcx + 16], xmm5
  ret

.LcopySmall:
  cmp r8, 8
  jb 1f
  mov r9, [rdx]
  mov r10, [rdx + r8 - 8]
  mov [rcx], r9
  mov [rcx + r8 - 8], r10
  ret
1:
  cmp r8, 4
  jb 2f
  mov r9d, [rdx]
  mov r10d, [rdx + r8 - 4]
  mov [rcx], r9d
  mov [rcx + r8 - 4], r10d
  ret
2:
  cmp r8, 2
  jb 3f
  movzx r9d, word ptr [rdx]
  movzx r10d, word ptr [rdx + r8 - 2]
  mov [rcx], r9w
  mov [rcx + r8 - 2], r10w
  ret
3:
  test r8, r8
  jz 4f
  movzx r9d, byte ptr [rdx]
  mov [rcx], r9b
4:
  ret
END r3_leaf_memmove

// void *memset(void *at, int byte, size_t count)
FUNCTION r3_leaf_memset
  mov rax, rcx
  movzx edx, dl
  movabs r9, 0x0101010101010101
  imul rdx, r9
  cmp r8, 16
  jb .LsetSmall
  cmp r8, LARGE
  jae .LsetLarge
  movq xmm0, rdx
  punpcklqdq xmm0, xmm0
  lea r9, [rcx + r8 - 16]
  sub r8, 64
  jb 2f
  .p2align 4
1:
  movups [rcx], xmm0
  movups [rcx + 16], xmm0
  movups [rcx + 32], xmm0
  movups [rcx + 48], xmm0
  add rcx, 64
  sub r8, 64
  jae 1b
2:
  cmp rcx, r9
  jae 3f
  movups [rcx], xmm0
  add rcx, 16
  jmp 2b
3:
  movups [r9], xmm0
  ret

.LsetSmall:
  cmp r8, 8
  jb 1f
  mov [rcx], rdx
  mov [rcx + r8 - 8], rdx
  ret
1:
  cmp r8, 4
  jb 2f
  mov [rcx], edx
  mov [rcx + r8 - 4], edx
  ret
2:
  test r8, r8
  jz 3f
  mov [rcx], dl
  cmp r8, 1
  je 3f
  mov [rcx + r8 - 2], dx
3:
  ret
END r3_leaf_memset

  .p2align 4
.LcopyLarge:
  mov r10, rdi
  mov r11, rsi
r3_leaf_parked_begin:
  mov rdi, rcx
  mov rsi, rdx
  mov rcx, r8
  rep movsb
  mov rdi, r10
  mov rsi, r11
  ret
.LsetLarge:
  mov r10, rdi
  mov r11, rsi
  mov rdi, rcx
  mov rcx, r8
  mov r8, rax
  mov eax, edx
  rep stosb
  mov rax, r8
  mov rdi, r10
r3_leaf_parked_end:
  ret

// void RtlZeroMemory(void *at, size_t count)
FUNCTION r3_leaf_RtlZeroMemory
  mov r8, rdx
  xor edx, edx
  jmp r3_leaf_memset
END r3_leaf_RtlZeroMemory

// void RtlFillMemory(void *at, size_t count, int byte)
FUNCTION r3_leaf_RtlFillMemory
  mov r9, rdx
  mov edx, r8d
  mov r8, r9
  jmp r3_leaf_memset
END r3_leaf_RtlFillMemory

// int memcmp(const void *a, const void *b, size_t count)
FUNCTION r3_leaf_memcmp
  sub r8, 16
  jb 2f
1:
  movups xmm0, [rcx]
  movups xmm1, [rdx]
  pcmpeqb xmm0, xmm1
  pmovmskb r9d, xmm0
  xor r9d, 0xFFFF
  jnz 4f
  add rcx, 16
  add rdx, 16
  sub r8, 16
  jae 1b
2:
  add r8, 16
  jz 5f
3:
  movzx eax, byte ptr [rcx]
  movzx r9d, byte ptr [rdx]
  sub eax, r9d
  jnz 6f
  inc rcx
  inc rdx
  dec r8
  jnz 3b
  ret
4:
  bsf r9d, r9d
  movzx eax, byte ptr [rcx + r9]
  movzx r10d, byte ptr [rdx + r9]
  sub eax, r10d
  ret
5:
  xor eax, eax
6:
  ret
END r3_leaf_memcmp

// size_t RtlCompareMemory(const void *a, const void *b, size_t count): how many bytes are equal.
FUNCTION r3_leaf_RtlCompareMemory
  mov rax, rcx
  sub r8, 16
  jb 2f
1:
  movups xmm0, [rcx]
  movups xmm1, [rdx]
  pcmpeqb xmm0, xmm1
  pmovmskb r9d, xmm0
  xor r9d, 0xFFFF
  jnz 4f
  add rcx, 16
  add rdx, 16
  sub r8, 16
  jae 1b
2:
  add r8, 16
  jz 5f
3:
  movzx r9d, byte ptr [rcx]
  cmp r9b, [rdx]
  jne 5f
  inc rcx
  inc rdx
  dec r8
  jnz 3b
  jmp 5f
4:
  bsf r9d, r9d
  add rcx, r9
5:
  sub rcx, rax
  mov rax, rcx
  ret
END r3_leaf_RtlCompareMemory

// UCHAR KeGetCurrentIrql(void)
FUNCTION r3_leaf_KeGetCurrentIrql
  movzx eax, byte ptr gs:[THREAD_IRQL]
  ret
END r3_leaf_KeGetCurrentIrql

// PETHREAD PsGetCurrentThread(void), and the other names of it
FUNCTION r3_leaf_PsGetCurrentThread
  mov rax, gs:[THREAD_CURRENT]
  ret
END r3_leaf_PsGetCurrentThread

// void RtlCaptureContext(CONTEXT *context)
FUNCTION r3_leaf_RtlCaptureContext
  mov [rcx + CONTEXT_RAX], rax
  pushfq
  pop rax
  mov [rcx + CONTEXT_EFLAGS], eax
  mov dword ptr [rcx + CONTEXT_FLAGS], 0x10000F
  mov word ptr [rcx + CONTEXT_CS], 0x10
  mov word ptr [rcx + CONTEXT_DS], 0x2B
  mov word ptr [rcx + CONTEXT_ES], 0x2B
  mov word ptr [rcx + CONTEXT_FS], 0x53
  mov word ptr [rcx + CONTEXT_GS], 0x2B
  mov word ptr [rcx + CONTEXT_SS], 0x18
  mov [rcx + CONTEXT_RCX], rcx
  mov [rcx + CONTEXT_RDX], rdx
  mov [rcx + CONTEXT_RBX], rbx
  mov [rcx + CONTEXT_RBP], rbp
  mov [rcx + CONTEXT_RSI], rsi
  mov [rcx + CONTEXT_RDI], rdi
  mov [rcx + CONTEXT_R8], r8
  mov [rcx + CONTEXT_R9], r9
  mov [rcx + CONTEXT_R10], r10
  mov [rcx + CONTEXT_R11], r11
  mov [rcx + CONTEXT_R12], r12
  mov [rcx + CONTEXT_R13], r13
  mov [rcx + CONTEXT_R14], r14
  mov [rcx + CONTEXT_R15], r15
  lea rax, [rsp + 8]
  mov [rcx + CONTEXT_RSP], rax
  mov rax, [rsp]
  mov [rcx + CONTEXT_RIP], rax
  fxsave [rcx + CONTEXT_FX]
  stmxcsr [rcx + CONTEXT_MXCSR]
  ret
END r3_leaf_RtlCaptureContext

// int _setjmp(_JUMP_BUFFER *buffer, void *frame)
FUNCTION r3_leaf_setjmp
  mov [rcx], rdx
  mov [rcx + 0x08], rbx
  lea rax, [rsp + 8]
  mov [rcx + 0x10], rax
  mov [rcx + 0x18], rbp
  mov [rcx + 0x20], rsi
  mov [rcx + 0x28], rdi
  mov [rcx + 0x30], r12
  mov [rcx + 0x38], r13
  mov [rcx + 0x40], r14
  mov [rcx + 0x48], r15
  mov rax, [rsp]
  mov [rcx + 0x50], rax
  stmxcsr [rcx + 0x58]
  fnstcw [rcx + 0x5C]
.irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  movups [rcx + 0x60 + (\n - 6) * 16], xmm\n
.endr
  xor eax, eax
  ret
END r3_leaf_setjmp

// SLIST_ENTRY *ExpInterlockedPopEntrySList(SLIST_HEADER *head): as SList.pop in Swift. The first word
// holds depth and sequence number, the second the first entry.
  .globl r3_leaf_held_begin, r3_leaf_held_end
FUNCTION r3_leaf_ExpInterlockedPopEntrySList
  test cl, 15
  jnz .LmisalignedPop
  mov r9, rcx
  mov rax, [rcx]
  mov rdx, [rcx + 8]
  mov r10, rbx
r3_leaf_held_begin:
1:
  mov r8, rdx
  and r8, -16
  jz 2f
  mov rcx, [r8]
  lea r11, [rax - 1]
  lea rbx, [rax + 0x10000]
  mov bx, r11w
  lock cmpxchg16b [r9]
  jnz 1b
2:
  mov rax, r8
  mov rbx, r10
  ret
END r3_leaf_ExpInterlockedPopEntrySList

// SLIST_ENTRY *ExpInterlockedPushEntrySList(SLIST_HEADER *head, SLIST_ENTRY *entry): the entry that was
// first. The alignment is looked at below, outside the range.
.Lpush:
  mov r9, rcx
  mov r8, rdx
  mov rax, [rcx]
  mov rdx, [rcx + 8]
1:
  mov r11, rdx
  and r11, -16
  mov [r8], r11
  lea r11, [rax + 1]
  lea rbx, [rax + 0x10000]
  mov bx, r11w
  mov rcx, r8
  lock cmpxchg16b [r9]
  jnz 1b
  mov rax, rdx
  and rax, -16
  mov rbx, r10
r3_leaf_held_end:
  ret

FUNCTION r3_leaf_ExpInterlockedPushEntrySList
  mov eax, ecx
  or eax, edx
  test al, 15
  jnz .LmisalignedPush
  mov r10, rbx
  jmp .Lpush
END r3_leaf_ExpInterlockedPushEntrySList

// USHORT ExQueryDepthSList(SLIST_HEADER *head)
FUNCTION r3_leaf_ExQueryDepthSList
  test cl, 15
  jnz .LmisalignedDepth
  movzx eax, word ptr [rcx]
  ret
END r3_leaf_ExQueryDepthSList

// A list head or entry that is not aligned: the usual export raises the exception.
.LmisalignedDepth:
  .weak r3_ExQueryDepthSList
  mov rax, [rip + r3_ExQueryDepthSList@GOTPCREL]
  mov r10d, 1
  jmp r3_export_entry4
.LmisalignedPop:
  .weak r3_ExpInterlockedPopEntrySList
  mov rax, [rip + r3_ExpInterlockedPopEntrySList@GOTPCREL]
  mov r10d, 1
  jmp r3_export_entry4
.LmisalignedPush:
  .weak r3_ExpInterlockedPushEntrySList
  mov rax, [rip + r3_ExpInterlockedPushEntrySList@GOTPCREL]
  mov r10d, 2
  jmp r3_export_entry4

// For routines that have nothing to do here, such as a cache hint.
FUNCTION r3_leaf_nothing
  ret
END r3_leaf_nothing

r3_leaf_end:

// __chkstk: RAX = size of the frame that the caller is about to make. Touches each of its pages, from
// the top, so that too large a frame meets the guard page. Keeps all registers.
FUNCTION r3_leaf_chkstk
  push r10
  push r11
  lea r10, [rsp + 0x18]
  mov r11, rax
1:
  cmp r11, 0x1000
  jb 2f
  sub r10, 0x1000
  test [r10], r10b
  sub r11, 0x1000
  jmp 1b
2:
  sub r10, r11
  test [r10], r10b
  pop r11
  pop r10
  ret
END r3_leaf_chkstk

  .section .note.GNU-stack, "", @progbits
