// Offsets that the assembly uses; `offsets.c` checks them against r3.h.
#ifndef R3_OFFSETS_H
#define R3_OFFSETS_H

#define FRAME_PREVIOUS 0x00
#define FRAME_RIP 0x08
#define FRAME_RSP 0x10
#define FRAME_RBX 0x18
#define FRAME_RBP 0x20
#define FRAME_RDI 0x28
#define FRAME_RSI 0x30
#define FRAME_R12 0x38
#define FRAME_R13 0x40
#define FRAME_R14 0x48
#define FRAME_R15 0x50
#define FRAME_TARGET 0x58
#define FRAME_XMM6 0x60
#define FRAME_SIZE 0x100

#define THREAD_SELF 0x018
#define THREAD_IRQL 0x050
#define THREAD_CURRENT 0x188
#define THREAD_FRAMES 0x200
#define THREAD_STACK_LIMIT 0x208
#define THREAD_STACK_BASE 0x210
#define THREAD_HOST_STACK 0x218
#define THREAD_HALTED 0x220
#define THREAD_POOL_CACHE 0x260
#define THREAD_ENTRY_BASE 0x2D0

#define CONTEXT_FLAGS 0x030
#define CONTEXT_MXCSR 0x034
#define CONTEXT_CS 0x038
#define CONTEXT_DS 0x03A
#define CONTEXT_ES 0x03C
#define CONTEXT_FS 0x03E
#define CONTEXT_GS 0x040
#define CONTEXT_SS 0x042
#define CONTEXT_EFLAGS 0x044
#define CONTEXT_RAX 0x078
#define CONTEXT_RCX 0x080
#define CONTEXT_RDX 0x088
#define CONTEXT_RBX 0x090
#define CONTEXT_RSP 0x098
#define CONTEXT_RBP 0x0A0
#define CONTEXT_RSI 0x0A8
#define CONTEXT_RDI 0x0B0
#define CONTEXT_R8 0x0B8
#define CONTEXT_R9 0x0C0
#define CONTEXT_R10 0x0C8
#define CONTEXT_R11 0x0D0
#define CONTEXT_R12 0x0D8
#define CONTEXT_R13 0x0E0
#define CONTEXT_R14 0x0E8
#define CONTEXT_R15 0x0F0
#define CONTEXT_RIP 0x0F8
#define CONTEXT_FX 0x100
#define CONTEXT_XMM0 0x1A0

// R3_LEFT_HALTED of r3.h, which an assembler cannot read.
#define LEFT_HALTED 0x5233000000000001

#endif
