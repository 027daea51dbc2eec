// Loads inside.sys under Wine as a service and measures it as Ring3 is measured. Built by winegcc.
//
//   wine-client PATH-OF-INSIDE.SYS MILLISECONDS
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>
#include <winioctl.h>

#include "slices.h"

#define CODE(Function) CTL_CODE(0x8000, Function, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_ECHO CODE(0x800)
#define IOCTL_MEASURE CODE(0x801)

static unsigned char input[4096], output[4096];

static double now(void) {
  LARGE_INTEGER count, frequency;
  QueryPerformanceCounter(&count);
  QueryPerformanceFrequency(&frequency);
  return (double)count.QuadPart * 1e9 / (double)frequency.QuadPart;
}

static int fail(const char *what) {
  fprintf(stderr, "wine-client: %s: error %lu\n", what, (unsigned long)GetLastError());
  return 1;
}

static SC_HANDLE startDriver(SC_HANDLE manager, const char *path) {
  SC_HANDLE service = CreateServiceA(manager, "BenchInside", "BenchInside", SERVICE_ALL_ACCESS,
                                     SERVICE_KERNEL_DRIVER, SERVICE_DEMAND_START,
                                     SERVICE_ERROR_NORMAL, path, NULL, NULL, NULL, NULL, NULL);
  if (service == NULL && GetLastError() == ERROR_SERVICE_EXISTS) {
    service = OpenServiceA(manager, "BenchInside", SERVICE_ALL_ACCESS);
  }
  if (service == NULL) return NULL;
  if (!StartServiceA(service, 0, NULL) && GetLastError() != ERROR_SERVICE_ALREADY_RUNNING) {
    return NULL;
  }
  return service;
}

static HANDLE device;

static double echoTurns(uint64_t count, const void *context) {
  (void)context;
  double start = now();
  for (uint64_t i = 0; i < count; i++) {
    DWORD returned;
    if (!DeviceIoControl(device, IOCTL_ECHO, input, sizeof input, output, sizeof output, &returned,
                         NULL)) {
      return 0;
    }
  }
  return now() - start;
}

static double insideTurns(uint64_t count, const void *what) {
  unsigned long long work[2] = {count, *(const unsigned long long *)what}, spent = 0;
  DWORD returned;
  if (!DeviceIoControl(device, IOCTL_MEASURE, work, sizeof work, &spent, sizeof spent, &returned,
                       NULL)) {
    return 0;
  }
  return spent == 0 ? 1 : (double)spent;
}

static int report(const char *name, double nanoseconds) {
  if (nanoseconds == 0) return fail(name);
  printf("Wine, %s\t%.3f\n", name, nanoseconds);
  return 0;
}

static int inside(double budget, unsigned long long what, const char *name) {
  return report(name, BenchFastest(insideTurns, &what, 1000, budget));
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  double budget = atof(arguments[2]) * 1e6;
  SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
  if (manager == NULL) return fail("OpenSCManager");
  SC_HANDLE service = startDriver(manager, arguments[1]);
  if (service == NULL) return fail("starting the driver");
  device = CreateFileA("\\\\.\\BenchInside", GENERIC_READ | GENERIC_WRITE, 0, NULL,
                              OPEN_EXISTING, 0, NULL);
  if (device == INVALID_HANDLE_VALUE) return fail("opening the device");
  int result = report("DeviceIoControl, 4 KiB", BenchFastest(echoTurns, NULL, 16, budget));
  if (result == 0) result = inside(budget, 0, "inside: pool pair, 256 B");
  if (result == 0) result = inside(budget, 1, "inside: request packet");
  if (result == 0) result = inside(budget, 2, "inside: control request, 4 KiB");
  SERVICE_STATUS status;
  CloseHandle(device);
  ControlService(service, SERVICE_CONTROL_STOP, &status);
  DeleteService(service);
  return result;
}
