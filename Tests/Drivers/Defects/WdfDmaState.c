// Executes a DMA transaction that was not initialized.
#define DEFECT_LOAD
#define DEFECT_READ
#define DEFECT_IO_TYPE WdfDeviceIoDirect
#include "defect-wdf.h"

static WDFDMAENABLER enabler;
static EVT_WDF_PROGRAM_DMA Program;

static NTSTATUS DefectLoad(WDFDEVICE Device) {
  WDF_DMA_ENABLER_CONFIG config;
  WDF_DMA_ENABLER_CONFIG_INIT(&config, WdfDmaProfileScatterGather64, 64 * 1024);
  return WdfDmaEnablerCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &enabler);
}

// There is no device that would move anything: the transfer is over at once.
static BOOLEAN Program(WDFDMATRANSACTION Transaction, WDFDEVICE Device, WDFCONTEXT Context,
                       WDF_DMA_DIRECTION Direction, PSCATTER_GATHER_LIST List) {
  WDFREQUEST request = WdfDmaTransactionGetRequest(Transaction);
  size_t length;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Context);
  UNREFERENCED_PARAMETER(Direction);
  UNREFERENCED_PARAMETER(List);
  if (!WdfDmaTransactionDmaCompleted(Transaction, &status)) return TRUE;
  length = WdfDmaTransactionGetBytesTransferred(Transaction);
  WdfObjectDelete(Transaction);
  WdfRequestCompleteWithInformation(request, status, length);
  return TRUE;
}

static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFDMATRANSACTION transaction;
  NTSTATUS status = WdfDmaTransactionCreate(enabler, WDF_NO_OBJECT_ATTRIBUTES, &transaction);
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(Length);
  if (!NT_SUCCESS(status)) {
    WdfRequestComplete(Request, status);
    return;
  }
#ifdef REPAIRED
  status = WdfDmaTransactionInitializeUsingRequest(transaction, Request, Program,
                                                   WdfDmaDirectionReadFromDevice);
  if (!NT_SUCCESS(status)) {
    WdfObjectDelete(transaction);
    WdfRequestComplete(Request, status);
    return;
  }
#else
  UNREFERENCED_PARAMETER(Program);
#endif
  status = WdfDmaTransactionExecute(transaction, NULL);
  if (!NT_SUCCESS(status)) {
    WdfObjectDelete(transaction);
    WdfRequestComplete(Request, status);
  }
}
