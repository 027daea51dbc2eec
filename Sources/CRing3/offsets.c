// Proves that the numbers in offsets.h are those of the structures in r3.h.
#include "offsets.h"

#include "r3.h"
#include "r3_context.h"

#define AT(type, field, offset) \
  _Static_assert(offsetof(type, field) == (offset), #type "." #field " is not at " #offset)

AT(R3Frame, previous, FRAME_PREVIOUS);
AT(R3Frame, rip, FRAME_RIP);
AT(R3Frame, rsp, FRAME_RSP);
AT(R3Frame, rbx, FRAME_RBX);
AT(R3Frame, rbp, FRAME_RBP);
AT(R3Frame, rdi, FRAME_RDI);
AT(R3Frame, rsi, FRAME_RSI);
AT(R3Frame, r12, FRAME_R12);
AT(R3Frame, r13, FRAME_R13);
AT(R3Frame, r14, FRAME_R14);
AT(R3Frame, r15, FRAME_R15);
AT(R3Frame, target, FRAME_TARGET);
AT(R3Fallible, handler, FALLIBLE_HANDLER);
AT(R3Fallible, function, FALLIBLE_FUNCTION);
AT(R3Frame, xmm, FRAME_XMM6);
_Static_assert(sizeof(R3Frame) == FRAME_SIZE, "R3Frame has another size");

AT(R3Thread, self, THREAD_SELF);
AT(R3Thread, prcb, 0x020);
AT(R3Thread, irql, THREAD_IRQL);
AT(R3Thread, mxCsr, 0x180);
AT(R3Thread, processorNumber, 0x184);
AT(R3Thread, currentThread, THREAD_CURRENT);
AT(R3Thread, frames, THREAD_FRAMES);
AT(R3Thread, stackLimit, THREAD_STACK_LIMIT);
AT(R3Thread, stackBase, THREAD_STACK_BASE);
AT(R3Thread, hostStack, THREAD_HOST_STACK);
AT(R3Thread, halted, THREAD_HALTED);
AT(R3Thread, machine, 0x228);
AT(R3Thread, process, 0x230);
AT(R3Thread, processor, 0x238);
AT(R3Thread, context, 0x240);
AT(R3Thread, poolCache, THREAD_POOL_CACHE);
AT(R3Thread, request, 0x258);
AT(R3Thread, irpCache, 0x268);
AT(R3Thread, slots, 0x270);
AT(R3Thread, entryBase, THREAD_ENTRY_BASE);
AT(R3Thread, interruptsOff, 0x2D8);

AT(R3LevelRecord, next, LEVEL_NEXT);
AT(R3LevelRecord, handler, LEVEL_HANDLER);

AT(R3Context, contextFlags, CONTEXT_FLAGS);
AT(R3Context, mxCsr, CONTEXT_MXCSR);
AT(R3Context, segCs, CONTEXT_CS);
AT(R3Context, segDs, CONTEXT_DS);
AT(R3Context, segEs, CONTEXT_ES);
AT(R3Context, segFs, CONTEXT_FS);
AT(R3Context, segGs, CONTEXT_GS);
AT(R3Context, segSs, CONTEXT_SS);
AT(R3Context, eFlags, CONTEXT_EFLAGS);
AT(R3Context, registers.rax, CONTEXT_RAX);
AT(R3Context, registers.rcx, CONTEXT_RCX);
AT(R3Context, registers.rdx, CONTEXT_RDX);
AT(R3Context, registers.rbx, CONTEXT_RBX);
AT(R3Context, registers.rsp, CONTEXT_RSP);
AT(R3Context, registers.rbp, CONTEXT_RBP);
AT(R3Context, registers.rsi, CONTEXT_RSI);
AT(R3Context, registers.rdi, CONTEXT_RDI);
AT(R3Context, registers.r8, CONTEXT_R8);
AT(R3Context, registers.r15, CONTEXT_R15);
AT(R3Context, registers.rip, CONTEXT_RIP);
AT(R3Context, fx, CONTEXT_FX);
AT(R3Context, fx.xmm, CONTEXT_XMM0);

_Static_assert(R3_LEFT_HALTED == LEFT_HALTED, "offsets.h has another R3_LEFT_HALTED");
