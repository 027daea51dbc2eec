// A kernel asserts with NT_ASSERT; this name does nothing.
#undef assert
#define assert(Expression) ((void)0)
