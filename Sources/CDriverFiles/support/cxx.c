// What compiled C++ refers to without the C++ runtime.

extern __declspec(dllimport) void KeBugCheckEx(unsigned long code, unsigned long long a,
                                               unsigned long long b, unsigned long long c,
                                               unsigned long long d);

// A virtual function without a body was called: KMODE_EXCEPTION_NOT_HANDLED with
// STATUS_NONCONTINUABLE_EXCEPTION and the address of the caller.
int _purecall(void) {
  KeBugCheckEx(0x1E, 0xC0000025ull, (unsigned long long)__builtin_return_address(0), 0, 0);
  return 0;
}

// Drivers are built without C++ exceptions: a structured exception that passes a frame with
// destructors leaves them out, as with Microsoft's compiler. 1 is ExceptionContinueSearch.
int __CxxFrameHandler3(void *record, void *frame, void *context, void *dispatcher) {
  (void)record, (void)frame, (void)context, (void)dispatcher;
  return 1;
}
