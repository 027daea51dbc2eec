// What DRIVER_OBJECT.DriverSection points to. Windows' headers do not declare it, so it is for the host
// only: drivers that look at it declare it themselves.
#ifndef R3_HOST_MODULE_ENTRY_H
#define R3_HOST_MODULE_ENTRY_H

#include "../wdm.h"

#ifdef R3_HOST

/// Whether the image asks for its signature to be checked (/INTEGRITYCHECK).
#define LDRP_IMAGE_INTEGRITY_FORCED 0x20
/// The entry point of the image was called, or is about to be.
#define LDRP_ENTRY_PROCESSED 0x4000

typedef struct _KLDR_DATA_TABLE_ENTRY {
  LIST_ENTRY InLoadOrderLinks;
  PVOID ExceptionTable;
  ULONG ExceptionTableSize;
  PVOID GpValue;
  PVOID NonPagedDebugInfo;
  PVOID DllBase;
  PVOID EntryPoint;
  ULONG SizeOfImage;
  UNICODE_STRING FullDllName;
  UNICODE_STRING BaseDllName;
  ULONG Flags;
  USHORT LoadCount;
  USHORT SignatureLevel;
  PVOID SectionPointer;
  ULONG CheckSum;
  ULONG CoverageSectionSize;
  PVOID CoverageSection;
  PVOID LoadedImports;
  PVOID Spare;
  ULONG SizeOfImageNotRounded;
  ULONG TimeDateStamp;
} KLDR_DATA_TABLE_ENTRY;

R3_STATIC_ASSERT(offsetof(KLDR_DATA_TABLE_ENTRY, DllBase) == 0x30);
R3_STATIC_ASSERT(offsetof(KLDR_DATA_TABLE_ENTRY, BaseDllName) == 0x58);
R3_STATIC_ASSERT(offsetof(KLDR_DATA_TABLE_ENTRY, Flags) == 0x68);
R3_STATIC_ASSERT(sizeof(KLDR_DATA_TABLE_ENTRY) == 0xA0);

#endif
#endif
