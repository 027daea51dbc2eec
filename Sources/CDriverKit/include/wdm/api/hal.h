// Ports and registers of devices: instructions with the barriers that devices need.
#ifndef R3_WDM_API_HAL_H
#define R3_WDM_API_HAL_H

#include "../dma.h"
#include "interlocked.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Ports

#define R3_PORT(Name, Suffix, Type)                                                        \
  FORCEINLINE Type READ_PORT_##Name(Type *port) {                                          \
    Type value;                                                                            \
    _ReadWriteBarrier();                                                                   \
    value = __in##Suffix((USHORT)(ULONG_PTR)port);                                         \
    _ReadWriteBarrier();                                                                   \
    return value;                                                                          \
  }                                                                                        \
  FORCEINLINE void WRITE_PORT_##Name(Type *port, Type value) {                             \
    _ReadWriteBarrier();                                                                   \
    __out##Suffix((USHORT)(ULONG_PTR)port, value);                                         \
    _ReadWriteBarrier();                                                                   \
  }                                                                                        \
  FORCEINLINE void READ_PORT_BUFFER_##Name(Type *port, Type *buffer, ULONG count) {        \
    _ReadWriteBarrier();                                                                   \
    __in##Suffix##string((USHORT)(ULONG_PTR)port, buffer, count);                          \
    _ReadWriteBarrier();                                                                   \
  }                                                                                        \
  FORCEINLINE void WRITE_PORT_BUFFER_##Name(Type *port, Type *buffer, ULONG count) {       \
    _ReadWriteBarrier();                                                                   \
    __out##Suffix##string((USHORT)(ULONG_PTR)port, buffer, count);                         \
    _ReadWriteBarrier();                                                                   \
  }
R3_PORT(UCHAR, byte, UCHAR)
R3_PORT(USHORT, word, USHORT)
R3_PORT(ULONG, dword, ULONG)
#undef R3_PORT

// MARK: Registers

#define R3_REGISTER(Name, Type)                                                            \
  FORCEINLINE Type READ_REGISTER_##Name(const volatile Type *address) {                    \
    Type value;                                                                            \
    _ReadWriteBarrier();                                                                   \
    value = *address;                                                                      \
    _ReadWriteBarrier();                                                                   \
    return value;                                                                          \
  }                                                                                        \
  FORCEINLINE Type READ_REGISTER_NOFENCE_##Name(const volatile Type *address) {            \
    return *address;                                                                       \
  }                                                                                        \
  FORCEINLINE void WRITE_REGISTER_##Name(volatile Type *address, Type value) {             \
    *address = value;                                                                      \
    __faststorefence();                                                                    \
  }                                                                                        \
  FORCEINLINE void WRITE_REGISTER_NOFENCE_##Name(volatile Type *address, Type value) {     \
    *address = value;                                                                      \
  }                                                                                        \
  FORCEINLINE void READ_REGISTER_BUFFER_##Name(const volatile Type *address, Type *buffer, \
                                               ULONG count) {                              \
    while (count-- != 0) *buffer++ = *address++;                                           \
  }                                                                                        \
  FORCEINLINE void WRITE_REGISTER_BUFFER_##Name(volatile Type *address, const Type *buffer, \
                                                ULONG count) {                             \
    while (count-- != 0) *address++ = *buffer++;                                           \
    __faststorefence();                                                                    \
  }
R3_REGISTER(UCHAR, UCHAR)
R3_REGISTER(USHORT, USHORT)
R3_REGISTER(ULONG, ULONG)
R3_REGISTER(ULONG64, ULONG64)
#undef R3_REGISTER

// MARK: Buses

NTHALAPI ULONG NTAPI HalGetBusData(BUS_DATA_TYPE type, ULONG bus, ULONG slot, PVOID buffer,
                                   ULONG length);
NTHALAPI ULONG NTAPI HalGetBusDataByOffset(BUS_DATA_TYPE type, ULONG bus, ULONG slot,
                                           PVOID buffer, ULONG offset, ULONG length);
NTHALAPI ULONG NTAPI HalSetBusData(BUS_DATA_TYPE type, ULONG bus, ULONG slot, PVOID buffer,
                                   ULONG length);
NTHALAPI ULONG NTAPI HalSetBusDataByOffset(BUS_DATA_TYPE type, ULONG bus, ULONG slot,
                                           PVOID buffer, ULONG offset, ULONG length);
NTHALAPI ULONG NTAPI HalGetInterruptVector(INTERFACE_TYPE type, ULONG bus, ULONG level,
                                           ULONG vector, PKIRQL irql, PKAFFINITY affinity);
NTHALAPI BOOLEAN NTAPI HalTranslateBusAddress(INTERFACE_TYPE type, ULONG bus,
                                              PHYSICAL_ADDRESS address, PULONG space,
                                              PPHYSICAL_ADDRESS translated);

R3_END

#endif
#endif
