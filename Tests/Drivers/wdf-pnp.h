// What the drivers for tests of the framework's Plug and Play share.
#ifndef WDF_PNP_H
#define WDF_PNP_H

#include <ntddk.h>

#include <wdf.h>

// {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0011}: the function driver, and the bus one more.
static const GUID FunctionInterface = {
    0x8f1c1f0e, 0x4c1a, 0x4c4e, {0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x11}};
static const GUID BusInterface = {
    0x8f1c1f0e, 0x4c1a, 0x4c4e, {0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x12}};

#define CODE(n) CTL_CODE(FILE_DEVICE_UNKNOWN, n, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_PLUG CODE(0x810)
#define IOCTL_UNPLUG CODE(0x811)
#define IOCTL_EJECT CODE(0x812)
#define IOCTL_RESCAN CODE(0x813)
#define IOCTL_COUNT CODE(0x814)
#define IOCTL_PEND CODE(0x820)
#define IOCTL_FAIL CODE(0x821)
#define IOCTL_REFUSE CODE(0x822)
#define IOCTL_STATIC CODE(0x823)
#define IOCTL_STATES CODE(0x824)
#define IOCTL_PING CODE(0x825)
#define IOCTL_PROPERTY CODE(0x826)
#define IOCTL_IDLE CODE(0x827)

// Reads a number from the service's Parameters key: which callback fails.
static ULONG ReadFailure(WDFDRIVER Driver) {
  DECLARE_CONST_UNICODE_STRING(name, L"Fail");
  WDFKEY key;
  ULONG value = 0;
  if (NT_SUCCESS(WdfDriverOpenParametersRegistryKey(Driver, KEY_READ, WDF_NO_OBJECT_ATTRIBUTES,
                                                    &key))) {
    (void)WdfRegistryQueryULong(key, &name, &value);
    WdfRegistryClose(key);
  }
  return value;
}

#endif
