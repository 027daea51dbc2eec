// What the framework drivers have in common that make a second device, a control device without a name.
#pragma once
#include <ntddk.h>

#include <wdf.h>

// What describes it, until it is made; NULL without memory.
static __inline PWDFDEVICE_INIT DefectSecondInit(WDFDRIVER Driver) {
  DECLARE_CONST_UNICODE_STRING(sddl, L"D:P");
  return WdfControlDeviceInitAllocate(Driver, &sddl);
}

// Makes it; what describes it is gone then, whatever comes of it.
static __inline NTSTATUS DefectMakeSecond(PWDFDEVICE_INIT *Init, WDFDEVICE *Second) {
  NTSTATUS status;
  if (*Init == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  status = WdfDeviceCreate(Init, WDF_NO_OBJECT_ATTRIBUTES, Second);
  if (!NT_SUCCESS(status)) WdfDeviceInitFree(*Init);
  return status;
}
