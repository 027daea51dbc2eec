// What the drivers have in common that allocate a channel of their adapter.
//
// A driver defines, before it includes this, CHANNEL_ANSWER, what AdapterControl answers; and after it
// DefectRelease, which gives back what was allocated, at DISPATCH_LEVEL.
#pragma once
#include "defect-dma.h"

static VOID DefectRelease(DEFECT_DMA *Dma, PVOID Base);

static DRIVER_CONTROL DefectProgram;

static IO_ALLOCATION_ACTION DefectProgram(PDEVICE_OBJECT Device, PIRP Irp, PVOID Base, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  *(PVOID *)Context = Base;
  return CHANNEL_ANSWER;
}

static VOID DefectTransfer(DEFECT_DMA *Dma) {
  PDMA_OPERATIONS dma = DefectDma(Dma);
  PVOID base = NULL;
  KIRQL old;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  if (NT_SUCCESS(dma->AllocateAdapterChannel(Dma->Adapter, Dma->Device, 1, DefectProgram, &base)))
    DefectRelease(Dma, base);
  KeLowerIrql(old);
}
