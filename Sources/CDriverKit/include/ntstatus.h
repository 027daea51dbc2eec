// Status codes.
//
// The lists are in `ntstatus/`: a C driver gets enumerators of the type NTSTATUS, which count as
// constant expressions; C++ and the host get constants, for `auto` must see NTSTATUS and not an
// enumeration.
#ifndef R3_NTSTATUS_H
#define R3_NTSTATUS_H

#include "ntdef/basic.h"

#if defined(R3_HOST) || defined(__cplusplus)
#define R3_STATUS(Name, Value) static const NTSTATUS Name = (NTSTATUS)Value;
#else
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wmicrosoft-fixed-enum"
#pragma clang diagnostic ignored "-Wpedantic"
#endif
#define R3_STATUS(Name, Value) Name = (NTSTATUS)Value,
enum : NTSTATUS {
#endif

#include "ntstatus/success.inc"
#include "ntstatus/informational.inc"
#include "ntstatus/warning.inc"
#include "ntstatus/error.inc"
#include "ntstatus/error-2.inc"

#if !defined(R3_HOST) && !defined(__cplusplus)
};
#ifdef __clang__
#pragma clang diagnostic pop
#endif
#endif
#undef R3_STATUS

#define FACILITY_DEBUGGER 0x1
#define FACILITY_RPC_RUNTIME 0x2
#define FACILITY_RPC_STUBS 0x3
#define FACILITY_IO_ERROR_CODE 0x4
#define FACILITY_NTWIN32 0x7
#define FACILITY_NTSSPI 0x9

#define STATUS_SEVERITY_SUCCESS 0x0
#define STATUS_SEVERITY_INFORMATIONAL 0x1
#define STATUS_SEVERITY_WARNING 0x2
#define STATUS_SEVERITY_ERROR 0x3

#endif
