// An I/O target that leads to the driver's own device, for what is sent, and a request for it.
#pragma once
#include "defect-wdf.h"

static WDFIOTARGET DefectTarget;
static WDFREQUEST DefectOwn;

static __inline NTSTATUS DefectOpenTarget(void) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\Defect");
  WDF_IO_TARGET_OPEN_PARAMS parameters;
  NTSTATUS status = WdfIoTargetCreate(DefectDevice, WDF_NO_OBJECT_ATTRIBUTES, &DefectTarget);
  if (!NT_SUCCESS(status)) return status;
  // Requests that were made for more drivers fit now.
  WdfDeviceWdmGetDeviceObject(DefectDevice)->StackSize = 1;
  WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&parameters, &name, GENERIC_READ | GENERIC_WRITE);
  status = WdfIoTargetOpen(DefectTarget, &parameters);
  if (NT_SUCCESS(status)) {
    status = WdfRequestCreate(WDF_NO_OBJECT_ATTRIBUTES, DefectTarget, &DefectOwn);
  }
  return status;
}

static __inline VOID DefectCloseTarget(void) {
  if (DefectOwn != NULL) WdfObjectDelete(DefectOwn);
  if (DefectTarget != NULL) WdfObjectDelete(DefectTarget);
  DefectOwn = NULL;
  DefectTarget = NULL;
}

// Sends the request and waits.
static __inline BOOLEAN DefectSendAndWait(void) {
  WDF_REQUEST_SEND_OPTIONS options;
  WDF_REQUEST_SEND_OPTIONS_INIT(
      &options, WDF_REQUEST_SEND_OPTION_SYNCHRONOUS | WDF_REQUEST_SEND_OPTION_TIMEOUT);
  WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(&options, WDF_REL_TIMEOUT_IN_SEC(10));
  return WdfRequestSend(DefectOwn, DefectTarget, &options);
}

static EVT_WDF_REQUEST_COMPLETION_ROUTINE DefectDone;

// What came back of a delivered request completes it.
static __inline VOID DefectPassBack(WDFREQUEST Request, WDFIOTARGET Target,
                                    PWDF_REQUEST_COMPLETION_PARAMS Parameters,
                                    WDFCONTEXT Context) {
  UNREFERENCED_PARAMETER(Target);
  UNREFERENCED_PARAMETER(Context);
  WdfRequestCompleteWithInformation(Request, Parameters->IoStatus.Status,
                                    Parameters->IoStatus.Information);
}
