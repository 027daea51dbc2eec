// What C cannot say: fill every register, call, compare.
  .intel_syntax noprefix
  .text

// uint64_t test_countChangedRegisters(const void *f, uint64_t argument)
  .globl test_countChangedRegisters
  .type test_countChangedRegisters, @function
test_countChangedRegisters:
  push rbp
  push rbx
  push r12
  push r13
  push r14
  push r15
  sub rsp, 0x28
  mov rax, rdi
  mov rcx, rsi
  lea rdx, [rsi + 4096]
  mov r8d, 4096
  mov rbx, 0x1001
  mov rbp, 0x1002
  mov rdi, 0x1003
  mov rsi, 0x1004
  mov r12, 0x1005
  mov r13, 0x1006
  mov r14, 0x1007
  mov r15, 0x1008
  movups xmm6, [rip + pattern]
  movups xmm7, [rip + pattern + 8]
  movups xmm8, [rip + pattern + 16]
  movups xmm9, [rip + pattern + 24]
  movups xmm10, [rip + pattern + 32]
  movups xmm11, [rip + pattern + 40]
  movups xmm12, [rip + pattern + 48]
  movups xmm13, [rip + pattern + 56]
  movups xmm14, [rip + pattern + 64]
  movups xmm15, [rip + pattern + 72]
  call rax
  xor eax, eax
.macro CHECK register, value
  cmp \register, \value
  setne cl
  movzx ecx, cl
  add eax, ecx
.endm
  CHECK rbx, 0x1001
  CHECK rbp, 0x1002
  CHECK rdi, 0x1003
  CHECK rsi, 0x1004
  CHECK r12, 0x1005
  CHECK r13, 0x1006
  CHECK r14, 0x1007
  CHECK r15, 0x1008
.macro CHECKX register, offset
  movups xmm0, [rip + pattern + \offset]
  pcmpeqb xmm0, \register
  pmovmskb edx, xmm0
  CHECK edx, 0xFFFF
.endm
  CHECKX xmm6, 0
  CHECKX xmm7, 8
  CHECKX xmm8, 16
  CHECKX xmm9, 24
  CHECKX xmm10, 32
  CHECKX xmm11, 40
  CHECKX xmm12, 48
  CHECKX xmm13, 56
  CHECKX xmm14, 64
  CHECKX xmm15, 72
  add rsp, 0x28
  pop r15
  pop r14
  pop r13
  pop r12
  pop rbx
  pop rbp
  ret

// uint64_t test_clobber(uint64_t argument)
  .globl test_clobber
  .type test_clobber, @function
test_clobber:
  mov rax, -1
  mov rcx, rax
  mov rdx, rax
  mov rsi, rax
  mov rdi, rax
  mov r8, rax
  mov r9, rax
  mov r10, rax
  mov r11, rax
  pcmpeqd xmm0, xmm0
.irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  movaps xmm\n, xmm0
.endr
  ret

// uint64_t test_callStepping(const void *f, uint64_t argument)
  .globl test_callStepping
  .type test_callStepping, @function
test_callStepping:
  sub rsp, 0x28
  mov rax, rdi
  mov rcx, rsi
  pushfq
  or dword ptr [rsp], 0x100
  popfq
  call rax
  pushfq
  and dword ptr [rsp], ~0x100
  popfq
  add rsp, 0x28
  ret

// int test_chkstk(const void *f, uint64_t size)
  .globl test_chkstk
  .type test_chkstk, @function
test_chkstk:
  push rbx
  mov rbx, rdi
  mov rax, rsi
  mov rcx, 0x2001
  mov rdx, 0x2002
  mov r8, 0x2003
  mov r9, 0x2004
  mov r10, 0x2005
  mov r11, 0x2006
  call rbx
  cmp rax, rsi
  jne 1f
  cmp rcx, 0x2001
  jne 1f
  cmp rdx, 0x2002
  jne 1f
  cmp r8, 0x2003
  jne 1f
  cmp r9, 0x2004
  jne 1f
  cmp r10, 0x2005
  jne 1f
  cmp r11, 0x2006
  jne 1f
  mov eax, 1
  pop rbx
  ret
1:
  xor eax, eax
  pop rbx
  ret

  .section .rodata
pattern:
  .quad 0x1112131415161718, 0x2122232425262728, 0x3132333435363738, 0x4142434445464748
  .quad 0x5152535455565758, 0x6162636465666768, 0x7172737475767778, 0x8182838485868788
  .quad 0x9192939495969798, 0xA1A2A3A4A5A6A7A8, 0xB1B2B3B4B5B6B7B8
  .section .note.GNU-stack, "", @progbits
