// Loads inside.sys under Wine as a service and measures it as Ring3 is measured. Built by winegcc.
//
//   wine-client PATH-OF-INSIDE.SYS MILLISECONDS
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>
#include <winioctl.h>

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

static int echo(HANDLE device, double budget) {
  unsigned long count = 64;
  for (;;) {
    DWORD returned;
    double start = now();
    for (unsigned long i = 0; i < count; i++) {
      if (!DeviceIoControl(device, IOCTL_ECHO, input, sizeof input, output, sizeof output, &returned,
                           NULL)) {
        return fail("DeviceIoControl");
      }
    }
    double spent = now() - start;
    if (spent >= budget) {
      printf("Wine, DeviceIoControl, 4 KiB\t%.3f\n", spent / (double)count);
      return 0;
    }
    count *= 2;
  }
}

static int inside(HANDLE device, double budget, unsigned long long what, const char *name) {
  unsigned long long work[2] = {1000, what}, spent = 0;
  for (;;) {
    DWORD returned;
    if (!DeviceIoControl(device, IOCTL_MEASURE, work, sizeof work, &spent, sizeof spent, &returned,
                         NULL)) {
      return fail(name);
    }
    if ((double)spent >= budget) {
      printf("Wine, inside: %s\t%.3f\n", name, (double)spent / (double)work[0]);
      return 0;
    }
    work[0] *= 2;
  }
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  double budget = atof(arguments[2]) * 1e6;
  SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
  if (manager == NULL) return fail("OpenSCManager");
  SC_HANDLE service = startDriver(manager, arguments[1]);
  if (service == NULL) return fail("starting the driver");
  HANDLE device = CreateFileA("\\\\.\\BenchInside", GENERIC_READ | GENERIC_WRITE, 0, NULL,
                              OPEN_EXISTING, 0, NULL);
  if (device == INVALID_HANDLE_VALUE) return fail("opening the device");
  int result = echo(device, budget);
  if (result == 0) result = inside(device, budget, 0, "pool pair, 256 B");
  if (result == 0) result = inside(device, budget, 1, "request packet");
  if (result == 0) result = inside(device, budget, 2, "control request, 4 KiB");
  SERVICE_STATUS status;
  CloseHandle(device);
  ControlService(service, SERVICE_CONTROL_STOP, &status);
  DeleteService(service);
  return result;
}
