#include "seh.h"

int DriverEntry(void *driver, void *path) { return 0; }

static NOINLINE int touch(volatile int *p) { return *p; }
static NOINLINE void mark(U64 *trace, U64 digit) { *trace = *trace * 10 + digit; }

// MARK: Filters and blocks

U64 constantFilter(int *p) {
  U64 r = 1;
  __try {
    *(volatile int *)p = 5;
    r = 2;
  } __except (1) {
    r = CODE;
  }
  return r;
}

static int checkFilter(ULONG code, Pointers *info, U64 p) {
  if (code != 0xC0000005 || info->record->code != code) return 0;
  if (info->record->count != 2 || info->record->parameters[1] != p) return 0;
  if ((U64)info->record->address != info->context->rip) return 0;
  return 1;
}

U64 functionFilter(int *p) {
  U64 r = 1;
  __try {
    r = touch(p);
  } __except (checkFilter(CODE, INFO, (U64)p)) {
    r = 77;
  }
  return r;
}

U64 writeParameter(int *p) {
  U64 r = 9;
  __try {
    *(volatile int *)p = 1;
  } __except (r = INFO->record->parameters[0], 1) {
    r += 100;
  }
  return r;
}

U64 nested(int *p) {
  U64 trace = 0;
  __try {
    __try {
      touch(p);
    } __except (mark(&trace, 1), 0) {
      mark(&trace, 9);
    }
  } __except (mark(&trace, 2), 1) {
    mark(&trace, 3);
  }
  mark(&trace, 4);
  return trace;
}

U64 finallyOrder(int *p) {
  U64 trace = 0;
  __try {
    __try {
      __try {
        mark(&trace, 1);
        touch(p);
        mark(&trace, 9);
      } __finally {
        mark(&trace, _abnormal_termination() ? 3 : 8);
      }
    } __finally {
      mark(&trace, _abnormal_termination() ? 4 : 8);
    }
  } __except (mark(&trace, 2), 1) {
    mark(&trace, 5);
  }
  return trace;
}

U64 finallyNormally(int *p) {
  U64 trace = 0;
  __try {
    mark(&trace, 1);
  } __finally {
    mark(&trace, _abnormal_termination() ? 9 : 2);
  }
  return trace;
}

U64 leaves(int *p) {
  U64 trace = 0;
  __try {
    mark(&trace, 1);
    if (p) __leave;
    mark(&trace, 9);
  } __finally {
    mark(&trace, _abnormal_termination() ? 8 : 2);
  }
  return trace;
}

static NOINLINE U64 returnsFromTry(U64 *trace, int n) {
  for (int i = 0; i < 3; i++) {
    __try {
      if (i == n) return 5;
      if (i == 1) continue;
      mark(trace, 1);
    } __finally {
      mark(trace, 2);
    }
  }
  return 6;
}

U64 jumpsOutOfTry(int *p) {
  U64 trace = 0;
  mark(&trace, returnsFromTry(&trace, 2));
  mark(&trace, returnsFromTry(&trace, 7));
  __try {
    __try {
      if (p) goto out;
    } __finally {
      mark(&trace, 3);
    }
  } __except (1) {
    mark(&trace, 9);
  }
out:
  return trace;
}

// MARK: Faults while faults are handled

static NOINLINE int faultingFilter(ULONG code, U64 *trace, int *p) {
  mark(trace, code == 0xC0000005 ? 1 : 2);
  if (code == 0xC0000094) return 1;
  // The filter is asked about its own fault, too.
  volatile int zero = 0;
  return 5 / zero + (p != 0);
}

U64 faultInFilter(int *p) {
  U64 trace = 0;
  __try {
    touch(p);
  } __except (faultingFilter(CODE, &trace, p)) {
    mark(&trace, CODE == 0xC0000094 ? 3 : 9);
  }
  return trace;
}

static NOINLINE int tryingFilter(U64 *trace, int *p) {
  __try {
    touch(p);
    mark(trace, 9);
  } __except (1) {
    mark(trace, 1);
  }
  return 1;
}

U64 handledInFilter(int *p) {
  U64 trace = 0;
  __try {
    touch(p);
  } __except (tryingFilter(&trace, p)) {
    mark(&trace, 2);
  }
  return trace;
}

U64 faultInFinally(int *p) {
  U64 trace = 0;
  volatile int zero = 0;
  __try {
    __try {
      touch(p);
    } __finally {
      mark(&trace, 1);
      zero = 3 / zero;
      mark(&trace, 9);
    }
  } __except (mark(&trace, CODE == 0xC0000005 ? 4 : 5), 1) {
    mark(&trace, CODE == 0xC0000094 ? 6 : 9);
  }
  return trace;
}

static NOINLINE void inner(U64 *trace, int *p) {
  __try {
    touch(p);
  } __finally {
    mark(trace, 1);
  }
}

static NOINLINE void middle(U64 *trace, int *p) {
  volatile int zero = 0;
  __try {
    inner(trace, p);
  } __finally {
    mark(trace, 2);
    zero = 3 / zero;
  }
}

// The unwind of the second exception meets the first one's, and skips what that has left already.
U64 collides(int *p) {
  U64 trace = 0;
  __try {
    __try {
      middle(&trace, p);
    } __finally {
      mark(&trace, 3);
    }
  } __except (CODE == 0xC0000094 || CODE == 0xC0000005) {
    mark(&trace, CODE == 0xC0000094 ? 4 : 9);
  }
  return trace;
}

U64 handledInFinally(int *p) {
  U64 trace = 0;
  __try {
    __try {
      touch(p);
    } __finally {
      __try {
        touch(p);
      } __except (1) {
        mark(&trace, 1);
      }
      mark(&trace, 2);
    }
  } __except (1) {
    mark(&trace, 3);
  }
  return trace;
}

U64 faultInBlock(int *p) {
  U64 trace = 0;
  __try {
    __try {
      touch(p);
    } __except (1) {
      mark(&trace, 1);
      touch(p);
    }
  } __except (1) {
    mark(&trace, 2);
  }
  return trace;
}

// MARK: Kinds of faults

U64 divides(int *p) {
  volatile int zero = 0;
  U64 r = 0;
  __try {
    r = 7 / zero;
  } __except (1) {
    r = CODE;
  }
  return r;
}

U64 overflows(int *p) {
  volatile int minusOne = -1, minimum = (int)0x80000000;
  U64 r = 0;
  __try {
    r = minimum / minusOne;
  } __except (1) {
    r = CODE;
  }
  return r;
}

U64 badCall(int *p) {
  U64 r = 0;
  __try {
    ((void (*)(void))p)();
  } __except (r = INFO->record->parameters[0] + INFO->record->parameters[1], 1) {
    r += CODE & 0xF;
  }
  return r;
}

U64 notCanonical(int *p) {
  U64 r = 0;
  __try {
    r = *(volatile int *)0x8000000000001000ull;
  } __except (r = INFO->record->parameters[1], 1) {
    r += CODE == 0xC0000005;
  }
  return r;
}

U64 illegal(int *p) {
  U64 r = 0;
  __try {
    __asm__ volatile("ud2");
  } __except (1) {
    r = CODE;
  }
  return r;
}

U64 breakpoint(int *p) {
  U64 r = 0;
  __try {
    __debugbreak();
  } __except ((U64)INFO->record->address == INFO->context->rip && *(UCHAR *)INFO->context->rip == 0xCC) {
    r = CODE;
  }
  return r;
}

U64 assertion(int *p) {
  U64 r = 0;
  __try {
    __asm__ volatile("int $0x2c");
  } __except (1) {
    r = CODE;
  }
  return r;
}

U64 copyFault(int *p) {
  char buffer[64];
  U64 r = 0;
  __try {
    memcpy(buffer, p, 64);
  } __except (r = INFO->record->parameters[1], 1) {
    r += CODE == 0xC0000005;
  }
  return r;
}

U64 largeCopyFault(char *p, char *from) {
  U64 r = 0;
  __try {
    memcpy(p, from, 4096);
  } __except (1) {
    r = CODE;
  }
  return r;
}

U64 largeSetFault(char *p) {
  U64 r = 0;
  __try {
    memset(p, 1, 4096);
  } __except (1) {
    r = CODE;
  }
  return r;
}

// MARK: Raising

U64 raisesStatus(long status) {
  U64 r = 0;
  __try {
    ExRaiseStatus(status);
    r = 1;
  } __except (CODE == (ULONG)status && INFO->record->flags == 1) {
    r = CODE;
  }
  return r;
}

U64 raisesException(int *p) {
  U64 r = 0;
  Record record = {0xE0001234, 0, 0, 0, 2, {11, 22}};
  __try {
    RtlRaiseException(&record);
    r = 1;
  } __except (r = INFO->record->parameters[0] + INFO->record->parameters[1], 1) {
    r = r * 1000 + (CODE == 0xE0001234);
  }
  return r;
}

U64 raisesAndGoesOn(int *p) {
  U64 r = 0;
  Record record = {0xE0001234};
  __try {
    RtlRaiseException(&record);
    r = 1;
  } __except (CODE == 0xE0001234 ? -1 : 0) {
    r = 9;
  }
  return r;
}

U64 callsOut(U64 (*function)(U64), U64 argument) {
  U64 r = 0;
  __try {
    r = function(argument);
  } __except (1) {
    r = CODE;
  }
  return r;
}

U64 callsOutTwice(U64 (*function)(U64), U64 argument) {
  U64 trace = 0;
  __try {
    __try {
      function(argument);
    } __finally {
      mark(&trace, 1);
    }
  } __except (1) {
    mark(&trace, 2);
  }
  __try {
    function(argument);
  } __except (1) {
    mark(&trace, 3);
  }
  return trace;
}

U64 touches(int *p) { return *(volatile int *)p; }

U64 finallyAround(U64 (*function)(U64), U64 argument, U64 *trace) {
  __try {
    return function(argument);
  } __finally {
    mark(trace, 7);
  }
}

// MARK: Going on

static int repair(Pointers *info, int *good) {
  info->context->rcx = (U64)good;
  return -1;
}

// All other registers and the flags must be as they were.
U64 goesOn(int *p) {
  int good = 42;
  U64 sum = 0, flags = 0;
  __try {
    __asm__ volatile(
        "movq %2, %%rcx\n movq $3, %%rdx\n movq $5, %%r8\n movq $7, %%r9\n movq $11, %%r10\n"
        "movq $13, %%r11\n movq $17, %%rbx\n movq $19, %%rsi\n movq $23, %%rdi\n"
        "movq $29, %%rax\n movq %%rax, %%xmm0\n movq $31, %%rax\n movq %%rax, %%xmm9\n"
        "stc\n movl (%%rcx), %%eax\n setc %%cl\n movzbl %%cl, %%ecx\n movq %%rcx, %1\n"
        "addq %%rdx, %%rax\n addq %%r8, %%rax\n addq %%r9, %%rax\n addq %%r10, %%rax\n addq %%r11, %%rax\n"
        "addq %%rbx, %%rax\n addq %%rsi, %%rax\n addq %%rdi, %%rax\n"
        "movq %%xmm0, %%rdx\n addq %%rdx, %%rax\n movq %%xmm9, %%rdx\n addq %%rdx, %%rax\n movq %%rax, %0"
        : "=m"(sum), "=m"(flags)
        : "m"(p)
        : "rax", "rcx", "rdx", "rbx", "rsi", "rdi", "r8", "r9", "r10", "r11", "xmm0", "xmm9", "memory", "cc");
  } __except (repair(INFO, &good)) {
    return 1;
  }
  return sum * 10 + flags;
}

U64 goesOnAgainstTheRule(int *p) {
  __try {
    ExRaiseStatus(0xC0000001);
  } __except (-1) {
    return 1;
  }
  return 2;
}

// MARK: Jumping

typedef struct __declspec(align(16)) Jump {
  U64 parts[32];
} Jump;
IMPORT int _setjmpex(Jump *jump, void *frame) __attribute__((returns_twice));
IMPORT __declspec(noreturn) void longjmp(Jump *jump, int value);

static NOINLINE void jumps(Jump *jump, U64 *trace, int value) {
  __try {
    mark(trace, 2);
    longjmp(jump, value);
  } __finally {
    mark(trace, _abnormal_termination() ? 3 : 9);
  }
}

U64 jumpsBack(int *p) {
  Jump jump;
  volatile U64 trace = 0;
  int value = _setjmpex(&jump, __builtin_frame_address(0));
  if (value == 0) {
    mark((U64 *)&trace, 1);
    jumps(&jump, (U64 *)&trace, 0);
  }
  if (value == 1) jumps(&jump, (U64 *)&trace, 7);
  mark((U64 *)&trace, value);
  return trace;
}

// MARK: Frames

static NOINLINE U64 bigFrame(int *p, U64 a, U64 b, U64 c, U64 d, U64 e, U64 f) {
  volatile char room[20000];
  room[0] = (char)a;
  room[19999] = (char)f;
  touch(p);
  return room[0] + room[19999] + b + c + d + e;
}

U64 largeFrames(int *p) {
  U64 r = 3;
  __try {
    r = bigFrame(p, 1, 2, 3, 4, 5, 6);
  } __except (1) {
    r += 40;
  }
  return r;
}

static NOINLINE U64 dynamicFrame(int *p, int n) {
  volatile char *room = (volatile char *)__builtin_alloca(n);
  room[0] = 1;
  room[n - 1] = 2;
  U64 r = 0;
  __try {
    r = touch(p);
  } __finally {
    r = room[0] + room[n - 1];
    *(volatile U64 *)&r;
  }
  return r;
}

U64 dynamicFrames(int *p) {
  U64 r = 0;
  for (int n = 16; n < 40000; n = n * 3 + 1) {
    __try {
      dynamicFrame(p, n);
    } __except (1) {
      r++;
    }
  }
  return r;
}

static NOINLINE U64 clobber(int *p, U64 s) {
  U64 a = s + 1, b = s * 3, c = s ^ 5, d = s - 7, e = s << 2, f = s >> 1, g = ~s, h = s * s;
  for (int i = 0; i < (int)(s & 3) + 1; i++) {
    a += b ^ h, b += c, c ^= d, d += e, e ^= f, f += g, g ^= a, h += a;
    if (s & 8) touch(p);
  }
  return a + b + c + d + e + f + g + h;
}

U64 keepsRegisters(int *p, U64 s) {
  U64 a = s + 11, b = s * 13, c = s ^ 15, d = s - 17, e = s << 3, f = s >> 2, g = ~s, h = s * s + 1;
  U64 hits = 0;
  for (int i = 0; i < 20; i++) {
    __try {
      clobber(p, 8 + i);
    } __except (1) {
      hits++;
    }
    if (a != s + 11 || b != s * 13 || c != (s ^ 15) || d != s - 17 || e != s << 3 || f != s >> 2 || g != ~s ||
        h != s * s + 1)
      return 0;
  }
  return hits;
}

static NOINLINE double clobberDoubles(int *p, double s) {
  double a = s + 1, b = s * 3, c = s - 5, d = s / 7, e = s * s, f = a * b, g = c * d, h = e * f;
  for (int i = 0; i < 3; i++) {
    a += b, b += c, c -= d, d += e, e *= f, f += g, g -= a, h += a;
    if (s > 100) touch(p);
  }
  return a + b + c + d + e + f + g + h;
}

U64 keepsDoubles(int *p, U64 seed) {
  double s = (double)seed;
  double a = s + 11, b = s * 13, c = s - 15, d = s * 17, e = s + 19, f = s - 21, g = s * 23, h = s + 25;
  U64 hits = 0;
  for (int i = 0; i < 20; i++) {
    __try {
      clobberDoubles(p, 101.0 + i);
    } __except (1) {
      hits++;
    }
    if (a != s + 11 || b != s * 13 || c != s - 15 || d != s * 17 || e != s + 19 || f != s - 21 || g != s * 23 ||
        h != s + 25)
      return 0;
  }
  return hits;
}

U64 repeats(int *p, U64 count) {
  U64 hits = 0;
  for (U64 i = 0; i < count; i++) {
    __try {
      touch(p);
    } __except (1) {
      hits++;
    }
  }
  return hits;
}

U64 raisesOften(int *p, U64 count) {
  U64 hits = 0;
  for (U64 i = 0; i < count; i++) {
    __try {
      ExRaiseStatus(0xC0000001);
    } __except (1) {
      hits++;
    }
  }
  return hits;
}

static NOINLINE U64 descend(int *p, U64 depth) {
  volatile U64 local = depth;
  if (depth == 0) return touch(p);
  return descend(p, depth - 1) + local;
}

U64 deep(int *p, U64 depth) {
  __try {
    return descend(p, depth);
  } __except (1) {
    return 5;
  }
}

U64 overflowsStack(int *p) { return descend(p, ~0ull); }

// MARK: Looking at the stack

static NOINLINE U64 walkFrom(Context *context) {
  U64 frames = 0;
  while (frames < 50) {
    U64 base = 0, establisher = 0;
    void *data = 0;
    void *function = RtlLookupFunctionEntry(context->rip, &base, 0);
    if (!function) break;
    RtlVirtualUnwind(0, base, context->rip, function, context, &data, &establisher, 0);
    frames++;
  }
  return frames;
}

static NOINLINE U64 walkAt(int depth) {
  volatile U64 r;
  if (depth > 0) {
    r = walkAt(depth - 1);
    return r;
  }
  Context context;
  RtlCaptureContext(&context);
  r = walkFrom(&context);
  return r;
}

U64 walks(int *p) { return walkAt(5); }

static NOINLINE U64 traceAt(int depth) {
  volatile U64 r;
  if (depth > 0) {
    r = traceAt(depth - 1);
    return r;
  }
  void *addresses[32];
  void *base = 0;
  U64 count = RtlCaptureStackBackTrace(0, 32, addresses, 0);
  U64 fewer = RtlCaptureStackBackTrace(2, 32, addresses, 0);
  RtlPcToFileHeader(addresses[0], &base);
  r = count * 100 + fewer + (base ? 0 : 1000000);
  return r;
}

U64 traces(int *p) { return traceAt(3); }

// MARK: Code to step through

static NOINLINE U64 stepLeaf(U64 a) { return a * 3 + 1; }

static NOINLINE U64 stepMany(U64 a, U64 b, U64 c, U64 d, U64 e, U64 f) {
  U64 x = stepLeaf(a) ^ b, y = stepLeaf(c) ^ d, z = stepLeaf(e) ^ f;
  for (int i = 0; i < 3; i++) x += stepLeaf(y), y ^= stepLeaf(z), z += stepLeaf(x);
  return x + y * 2 + z * 3 + a + b + c + d + e + f;
}

static NOINLINE U64 stepDynamic(U64 n) {
  volatile char *room = (volatile char *)__builtin_alloca(n);
  for (U64 i = 0; i < n; i += 16) room[i] = (char)i;
  return stepLeaf(room[0]) + room[n / 16 * 8];
}

static NOINLINE U64 stepBig(U64 a) {
  volatile char room[9000];
  room[a] = 1;
  return stepLeaf(room[a]) + stepDynamic(64);
}

static NOINLINE U64 stepTail(U64 a, U64 b) { return stepMany(b, a, a, b, a, b); }

static NOINLINE U64 stepEarly(U64 a, U64 *b) {
  if (a == 0) return 7;
  U64 r = stepMany(a, *b, 3, 4, 5, 6);
  *b = r;
  if (r & 1) return stepTail(a, r);
  return r + stepLeaf(r);
}

static NOINLINE double stepDoubles(double a, double b) {
  double x = a, y = b, z = a * b, w = a - b, v = a / b;
  for (U64 i = 0; i < 3; i++) {
    x += (double)stepLeaf(i), y *= x, z -= y, w += z, v *= w;
  }
  return x + y + z + w + v;
}

U64 steps(int *p) {
  U64 b = 2, r = 0;
  __try {
    r += stepEarly(0, &b);
    r += stepEarly(1, &b);
    r += stepEarly(2, &b);
    r += stepBig(5);
    r += (U64)stepDoubles(1.5, 2.5);
  } __finally {
    r += 1;
  }
  return r;
}
int _fltused;

// MARK: Privileged instructions

U64 readsLevel(int *p) {
  U64 r;
  __asm__ volatile("movq %%cr8, %0" : "=r"(r));
  return r * 100 + KeGetCurrentIrql();
}

U64 setsLevel(U64 level) {
  U64 r, a = 1, b = 2, c = 3;
  __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c));
  __asm__ volatile("movq %0, %%cr8" : : "r"(level) : "memory");
  __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c));
  __asm__ volatile("movq %%cr8, %0" : "=r"(r));
  __asm__ volatile("movq %0, %%cr8" : : "r"(0ull) : "memory");
  return r * 10000 + a * 1000 + b * 100 + c * 10 + KeGetCurrentIrql();
}

U64 touchesRaised(int *p) {
  __try {
    __asm__ volatile("movq %0, %%cr8" : : "r"(2ull) : "memory");
    touch(p);
  } __except (1) {
    return 1;
  }
  return 0;
}

U64 interrupts(int *p) {
  __asm__ volatile("cli\n hlt\n sti\n wbinvd\n invlpg (%0)" : : "r"(&p) : "memory");
  return 1;
}

U64 readsModelRegister(ULONG which) {
  ULONG low = 0, high = 0;
  U64 r = 0;
  __try {
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(which));
    r = (U64)high << 32 | low;
  } __except (1) {
    r = CODE;
  }
  return r;
}

U64 readsPort(U64 port) {
  ULONG value = 0xAABBCCDD;
  __asm__ volatile("inb %w1, %b0" : "+a"(value) : "d"(port));
  return value;
}

U64 writesPort(U64 port, U64 value) {
  __asm__ volatile("outl %k0, %w1" : : "a"(value), "d"(port));
  return 1;
}

U64 readsControl(int *p) {
  U64 a, b;
  __asm__ volatile("movq %%cr0, %0\n movq %%cr3, %1\n movq %1, %%cr3" : "=r"(a), "=r"(b));
  return a;
}

U64 writesControl(int *p) {
  U64 a;
  __asm__ volatile("movq %%cr0, %0\n andq $~0x10000, %0\n movq %0, %%cr0" : "=r"(a));
  return a;
}

U64 failsFast(U64 why) {
  __fastfail(41);
  return why;
}

U64 readsSharedData(U64 offset) {
  volatile UCHAR *page = (volatile UCHAR *)0xFFFFF78000000000ull;
  U64 a = *(volatile U64 *)(page + offset);
  ULONG b = *(volatile ULONG *)(page + offset);
  UCHAR c = page[offset];
  return a + b + c;
}

U64 writesSharedData(U64 offset) {
  *(volatile ULONG *)(0xFFFFF78000000000ull + offset) = 1;
  return 0;
}

// MARK: A language handler of the driver's own

typedef struct Seen {
  U64 calls, isGood;
} Seen;
Seen seen;

// As Microsoft's __GSHandlerCheck_SEH: looks at the frame, then lets the usual handler decide.
int ownHandler(Record *record, void *frame, Context *context, Dispatcher *dispatcher) {
  U64 base = 0;
  void *function = RtlLookupFunctionEntry(dispatcher->pc, &base, 0);
  seen.calls++;
  if (function == dispatcher->function && base == dispatcher->base && (U64)frame == dispatcher->establisher &&
      dispatcher->data && dispatcher->handler == (void *)ownHandler && record->code == 0xC0000005)
    seen.isGood++;
  return __C_specific_handler(record, frame, context, dispatcher);
}

U64 guarded(int *p);
__asm__(
    ".text\n .globl guarded\n .def guarded; .scl 2; .type 32; .endef\n"
    ".seh_proc guarded\n"
    "guarded:\n pushq %rbx\n .seh_pushreg %rbx\n subq $48, %rsp\n .seh_stackalloc 48\n"
    ".seh_handler ownHandler, @unwind, @except\n .seh_endprologue\n"
    "movl $33, %ebx\n"
    ".Lbegin:\n movl (%rcx), %eax\n nop\n .Lend:\n movl $1, %eax\n jmp .Lout\n"
    ".Lland:\n addl $100, %ebx\n movl %ebx, %eax\n"
    ".Lout:\n addq $48, %rsp\n popq %rbx\n retq\n"
    ".seh_handlerdata\n .long 1\n .long .Lbegin@IMGREL\n .long .Lend@IMGREL\n .long 1\n .long .Lland@IMGREL\n"
    ".text\n .seh_endproc\n");

U64 ownHandlers(int *p) {
  seen.calls = seen.isGood = 0;
  U64 r = guarded(p);
  return r * 100 + seen.calls * 10 + seen.isGood;
}

// MARK: Unhandled

U64 unhandled(int *p) { return touch(p); }
U64 unhandledStatus(long status) {
  ExRaiseStatus(status);
  return 0;
}
U64 writesCode(int *p) {
  *(volatile int *)(void *)&unhandled = 1;
  return 0;
}
