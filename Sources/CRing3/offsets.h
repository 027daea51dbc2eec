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
#define THREAD_STACK_BASE 0x210
#define THREAD_HOST_STACK 0x218
#define THREAD_HALTED 0x220
#define THREAD_EXCLUSIVITY 0x248
#define THREAD_ENTRY_BASE 0x2D0

// R3_LEFT_HALTED of r3.h, which an assembler cannot read.
#define LEFT_HALTED 0x5233000000000001

#endif
