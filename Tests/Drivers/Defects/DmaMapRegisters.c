// Releases its map registers twice.
#include "defect-dma.h"

static DRIVER_CONTROL Program;

static IO_ALLOCATION_ACTION Program(PDEVICE_OBJECT Device, PIRP Irp, PVOID Base, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  *(PVOID *)Context = Base;
  return DeallocateObjectKeepRegisters;
}

static VOID DefectTransfer(DEFECT_DMA *Dma) {
  PVOID base = NULL;
  KIRQL old;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  if (NT_SUCCESS(DefectDma(Dma)->AllocateAdapterChannel(Dma->Adapter, Dma->Device, 1, Program, &base))) {
    DefectDma(Dma)->FreeMapRegisters(Dma->Adapter, base, 1);
#ifndef REPAIRED
    DefectDma(Dma)->FreeMapRegisters(Dma->Adapter, base, 1);
#endif
  }
  KeLowerIrql(old);
}
