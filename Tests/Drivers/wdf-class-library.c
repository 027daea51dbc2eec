// A class library: other framework drivers are bound to it and call its functions.
#include <ntddk.h>

#include <wdf.h>
#include <wdfldr.h>

#include "wdf-class.h"

static LONG clients;

static LONG NTAPI Add(PWDF_DRIVER_GLOBALS Globals, LONG First, LONG Second) {
  UNREFERENCED_PARAMETER(Globals);
  return First + Second;
}

static LONG NTAPI Clients(PWDF_DRIVER_GLOBALS Globals, LONG First, LONG Second) {
  UNREFERENCED_PARAMETER(Globals);
  UNREFERENCED_PARAMETER(First);
  UNREFERENCED_PARAMETER(Second);
  return clients;
}

static NTSTATUS NTAPI Initialize(VOID) {
  DbgPrint("class: initialized\n");
  return STATUS_SUCCESS;
}

static VOID NTAPI Deinitialize(VOID) { DbgPrint("class: deinitialized\n"); }

static NTSTATUS NTAPI BindClient(PWDF_CLASS_BIND_INFO Info, PWDF_COMPONENT_GLOBALS Globals) {
  DbgPrint("class: client %s of version %u.%u\n", ((PWDF_DRIVER_GLOBALS)Globals)->DriverName,
           Info->Version.Major, Info->Version.Minor);
  if (Info->FunctionTableCount > ClassFunctionCount) return STATUS_NOT_SUPPORTED;
  Info->FunctionTable[ClassAdd] = (VOID(*)(VOID))Add;
  Info->FunctionTable[ClassClients] = (VOID(*)(VOID))Clients;
  clients++;
  return STATUS_SUCCESS;
}

static VOID NTAPI UnbindClient(PWDF_CLASS_BIND_INFO Info, PWDF_COMPONENT_GLOBALS Globals) {
  UNREFERENCED_PARAMETER(Info);
  DbgPrint("class: client %s leaves\n", ((PWDF_DRIVER_GLOBALS)Globals)->DriverName);
  clients--;
}

static void EvtDriverUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  WDF_CLASS_LIBRARY_INFO info = {
      sizeof info, {1, 2, 0}, Initialize, Deinitialize, BindClient, UnbindClient};
  WDF_DRIVER_CONFIG config;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = EvtDriverUnload;
  status = WdfDriverCreate(Driver, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
  if (NT_SUCCESS(status)) status = WdfRegisterClassLibrary(&info, RegistryPath, NULL);
  if (!NT_SUCCESS(status)) return status;
  // A class has one library.
  if (WdfRegisterClassLibrary(&info, RegistryPath, NULL) != STATUS_OBJECT_NAME_COLLISION) {
    DbgPrint("class: registered twice\n");
  }
  return status;
}
