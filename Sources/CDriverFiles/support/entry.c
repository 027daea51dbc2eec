// The first code of a driver that runs: it readies the stack cookie and calls DriverEntry.

extern void __security_init_cookie(void);
extern long DriverEntry(void *driver, void *registryPath);

long GsDriverEntry(void *driver, void *registryPath) {
  __security_init_cookie();
  return DriverEntry(driver, registryPath);
}
