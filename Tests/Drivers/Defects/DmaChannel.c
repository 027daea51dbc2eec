// Releases the channel by the answer of AdapterControl, and then once more.
#include "defect-dma.h"

static DRIVER_CONTROL Program;

static IO_ALLOCATION_ACTION Program(PDEVICE_OBJECT Device, PIRP Irp, PVOID Base, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  *(PVOID *)Context = Base;
  return DeallocateObject;
}

static VOID DefectTransfer(DEFECT_DMA *Dma) {
  PVOID base = NULL;
  KIRQL old;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  if (NT_SUCCESS(DefectDma(Dma)->AllocateAdapterChannel(Dma->Adapter, Dma->Device, 1, Program, &base))) {
#ifndef REPAIRED
    DefectDma(Dma)->FreeAdapterChannel(Dma->Adapter);
#endif
  }
  KeLowerIrql(old);
}
