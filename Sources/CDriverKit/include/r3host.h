// One place that tells the two readers of these headers apart.
//
// A driver (clang for the msvc triple, `long` of 32 bits) gets everything. The host (Swift and C on
// Linux, `long` of 64 bits) gets structures and constants: a function of a driver follows another
// calling convention, so that the host must see its address as plain `void *`.
#ifndef R3HOST_H
#define R3HOST_H

#if !defined(_WIN32) && !defined(_MSC_VER)
#define R3_HOST 1
#endif

/// Aligns a type or a field. Swift cannot import alignments above 16: pad by hand there.
#define R3_ALIGN(Bytes) __attribute__((aligned(Bytes)))

#ifdef R3_HOST
/// A function that drivers implement: `Name` is its type, `PName` the pointer.
#define R3_CODE(Return, Name, Parameters) typedef void *P##Name
/// A structure that drivers only ever see by its address.
#define R3_OPAQUE(Name) typedef void *P##Name
#else
#define R3_CODE(Return, Name, Parameters) \
  typedef Return Name Parameters;         \
  typedef Name *P##Name
#define R3_OPAQUE(Name) typedef struct _##Name *P##Name
#endif

#ifdef __cplusplus
#define R3_BEGIN extern "C" {
#define R3_END }
#define R3_STATIC_ASSERT(Condition) static_assert(Condition, #Condition)
#else
#define R3_BEGIN
#define R3_END
#define R3_STATIC_ASSERT(Condition) _Static_assert(Condition, #Condition)
#endif

#endif
