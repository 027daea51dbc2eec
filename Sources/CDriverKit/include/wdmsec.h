// Named devices with a security descriptor of their own.
#ifndef R3_WDMSEC_H
#define R3_WDMSEC_H

#include "wdm.h"
#ifndef R3_HOST

R3_BEGIN

NTSTATUS NTAPI WdmlibIoCreateDeviceSecure(PDRIVER_OBJECT driver, ULONG extensionSize,
                                          PUNICODE_STRING name, DEVICE_TYPE type,
                                          ULONG characteristics, BOOLEAN exclusive,
                                          PCUNICODE_STRING sddl, const GUID *classGuid,
                                          PDEVICE_OBJECT *device);
NTSTATUS NTAPI WdmlibRtlInitUnicodeStringEx(PUNICODE_STRING target, PCWSTR source);
#define IoCreateDeviceSecure WdmlibIoCreateDeviceSecure

// Who may do what, in the descriptor language: SY the system, BA administrators, WD everyone,
// RC restricted code. The library of the kit defines them; each driver gets its own copy here.
#define R3_SDDL(Name, Text) \
  extern DECLSPEC_SELECTANY const UNICODE_STRING Name = RTL_CONSTANT_STRING(Text)

R3_SDDL(SDDL_DEVOBJ_KERNEL_ONLY, L"D:P");
R3_SDDL(SDDL_DEVOBJ_INF_SUPPLIED, L"D:P(A;;GA;;;SY)(A;;GA;;;BA)");
R3_SDDL(SDDL_DEVOBJ_SYS_ALL, L"D:P(A;;GA;;;SY)");
R3_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_ALL, L"D:P(A;;GA;;;SY)(A;;GA;;;BA)");
R3_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RX, L"D:P(A;;GA;;;SY)(A;;GRGX;;;BA)");
R3_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R, L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)");
R3_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R,
        L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)(A;;GR;;;RC)");
R3_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R,
        L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGW;;;WD)(A;;GR;;;RC)");
R3_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX,
        L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGWGX;;;WD)(A;;GRGWGX;;;RC)");
#undef R3_SDDL

R3_END

#endif
#endif
