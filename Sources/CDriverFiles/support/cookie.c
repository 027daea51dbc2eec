// The stack cookie: compiled code keeps it below the return address and checks it before it returns.

typedef unsigned long long Cookie;

// The value that loaders look for: a cookie that nobody has set yet.
#define UNSET 0x00002B992DDFA232ull

Cookie __security_cookie = UNSET;
Cookie __security_cookie_complement = ~UNSET;

void __security_init_cookie(void) {
  if (__security_cookie == UNSET || __security_cookie == 0) {
    Cookie value = __builtin_ia32_rdtsc() * 0x9E3779B97F4A7C15ull ^ (Cookie)&__security_cookie;
    // The upper 16 bits stay clear: a string that overruns the buffer cannot write the cookie back.
    value &= 0x0000FFFFFFFFFFFFull;
    __security_cookie = value > 1 && value != UNSET ? value : UNSET + 1;
  }
  __security_cookie_complement = ~__security_cookie;
}

// DRIVER_OVERRAN_STACK_BUFFER: what was found, what was expected, its complement.
//
// A jump, so that the newest frame is that of the function whose cookie it is.
__attribute__((naked)) void __report_gsfailure(void) {
  __asm__(
      "movq %rcx, %rdx\n"
      "movq __security_cookie(%rip), %r8\n"
      "movq __security_cookie_complement(%rip), %r9\n"
      "movq $0, 40(%rsp)\n"
      "movl $0xF7, %ecx\n"
      "jmpq *__imp_KeBugCheckEx(%rip)\n");
}

// Checked code expects every register but RCX and the flags unchanged.
__attribute__((naked)) void __security_check_cookie(void) {
  __asm__(
      "cmpq __security_cookie(%rip), %rcx\n"
      "jne 1f\n"
      "rolq $16, %rcx\n"
      "testw $-1, %cx\n"
      "jne 2f\n"
      "ret\n"
      "2: rorq $16, %rcx\n"
      "1: jmp __report_gsfailure\n");
}
