// How a function is written in this folder's assembly.
#ifndef R3_ASSEMBLY_H
#define R3_ASSEMBLY_H

#include "offsets.h"

.intel_syntax noprefix

.macro FUNCTION name
  .p2align 4
  .globl \name
  .type \name, @function
\name:
.endm

.macro END name
  .size \name, . - \name
.endm

#endif
