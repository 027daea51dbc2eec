// A client of the class library; MAJOR, FUNCTIONS and OWN_BINDING vary what it asks for.
#include <ntddk.h>

#include <wdf.h>
#include <wdfldr.h>

#include "wdf-class.h"

#ifndef MAJOR
#define MAJOR 1
#endif
#ifndef FUNCTIONS
#define FUNCTIONS ClassFunctionCount
#endif

static VOID (*functions[FUNCTIONS])(VOID);

static NTSTATUS NTAPI Bind(PFN_WDF_VERSION_BIND_CLASS BindFunction, PWDF_BIND_INFO BindInfo,
                           PWDF_COMPONENT_GLOBALS Globals, PWDF_CLASS_BIND_INFO Info) {
  DbgPrint("client: binds\n");
  return BindFunction(BindInfo, Globals, Info);
}

static VOID NTAPI Unbind(PFN_WDF_VERSION_UNBIND_CLASS UnbindFunction, PWDF_BIND_INFO BindInfo,
                         PWDF_COMPONENT_GLOBALS Globals, PWDF_CLASS_BIND_INFO Info) {
  DbgPrint("client: unbinds\n");
  UnbindFunction(BindInfo, Globals, Info);
}

#pragma section(".kmdfclassbind$b", read, write)
// Nothing here refers to it: the code that runs before DriverEntry finds it by its section.
__declspec(allocate(".kmdfclassbind$b")) WDF_CLASS_BIND_INFO info = {
    sizeof info, CLASS_NAME, {MAJOR, 1, 0}, functions, FUNCTIONS, NULL,
#ifdef OWN_BINDING
    Bind, Unbind,
#else
    NULL, NULL,
#endif
    NULL};

static void EvtDriverUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  PVOID unused[] = {(PVOID)Bind, (PVOID)Unbind};
  UNREFERENCED_PARAMETER(unused);
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = EvtDriverUnload;
  DbgPrint("client: 2 + 3 = %d, clients %d\n",
           ((CLASS_ADD)functions[ClassAdd])(WdfDriverGlobals, 2, 3),
           ((CLASS_ADD)functions[ClassClients])(WdfDriverGlobals, 0, 0));
  return WdfDriverCreate(Driver, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
