// Functions that stand for driver code: they use the Microsoft convention inside, and the host's outside.
#ifndef CRING3_TEST_SUPPORT_H
#define CRING3_TEST_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

/// A host function that returns a hash of its `count` arguments (0 to 12).
const void *_Nonnull test_hashFunction(unsigned count);

/// Calls `f`, a Microsoft-convention function, with the arguments 101, 102, … as a driver would.
uint64_t test_driverCall(const void *_Nonnull f, unsigned count);

/// The address of a Microsoft-convention function that hashes `count` arguments (0 to 12).
const void *_Nonnull test_driverHashFunction(unsigned count);

/// The hash of `count` numbers that the functions above compute.
uint64_t test_hash(const uint64_t *_Nonnull numbers, unsigned count);

/// The address of a Microsoft-convention variadic call: `f("fmt", 1, 2.5, 3, 4, 5, 6, 7)`.
uint64_t test_driverCallVariadic(const void *_Nonnull f);

/// Fills all nonvolatile registers, calls `f(argument, argument + 4096, 4096)`, and returns how many
/// of them changed (0 … 18).
uint64_t test_countChangedRegisters(const void *_Nonnull f, uint64_t argument);

/// A host function that changes every register that the host's convention lets it change.
uint64_t test_clobber(uint64_t argument);

/// Microsoft-convention code that calls `f` once and returns its result plus one.
const void *_Nonnull test_driverRelay(void);

/// Calls one of the leaf exports, which have the Microsoft convention.
uint64_t test_leaf3(const void *_Nonnull f, uint64_t a, uint64_t b, uint64_t c);

/// Calls chkstk with `size` and returns 1 when all registers are as before.
int test_chkstk(const void *_Nonnull f, uint64_t size);

/// GS as the processor sees it: the field at `offset` of what it points to.
uint64_t test_readGS(uint64_t offset);

/// Nanoseconds per call of `f(1, 2, 3)` from Microsoft-convention code.
double test_measure(const void *_Nonnull f, uint64_t count);

/// Calls `f(argument)`, a Microsoft-convention function, with a trap after every instruction.
uint64_t test_callStepping(const void *_Nonnull f, uint64_t argument);

/// Reads through a pointer, in host code.
uint64_t test_read(const uint64_t *_Nonnull p);

#endif
