// What the drivers have in common that use DMA: an adapter of a bus master that reaches all memory, and
// a buffer of nonpaged pool with its MDL.
//
// A driver defines after it DefectTransfer, which a write calls at PASSIVE_LEVEL.
#pragma once
#define DEFECT_WRITE
#include "defect.h"

typedef struct DEFECT_DMA {
  PDEVICE_OBJECT Device;
  PDMA_ADAPTER Adapter;
  PUCHAR Block;
  PMDL Mdl;
} DEFECT_DMA;

static VOID DefectTransfer(DEFECT_DMA *Dma);

static __inline PDMA_OPERATIONS DefectDma(DEFECT_DMA *Dma) { return Dma->Adapter->DmaOperations; }

static PDMA_ADAPTER DefectAdapter(PDEVICE_OBJECT Device) {
  DEVICE_DESCRIPTION description = {0};
  ULONG count;
  description.Version = DEVICE_DESCRIPTION_VERSION2;
  description.Master = TRUE;
  description.ScatterGather = TRUE;
  description.Dma32BitAddresses = TRUE;
  description.Dma64BitAddresses = TRUE;
  description.InterfaceType = PCIBus;
  description.MaximumLength = 65536;
  return IoGetDmaAdapter(Device, &description, &count);
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  DEFECT_DMA dma = {0};
  dma.Device = Device;
  dma.Adapter = DefectAdapter(Device);
  dma.Block = ExAllocatePool2(POOL_FLAG_NON_PAGED, PAGE_SIZE, DEFECT_TAG);
  if (dma.Block != NULL) dma.Mdl = IoAllocateMdl(dma.Block, PAGE_SIZE, FALSE, FALSE, NULL);
  if (dma.Adapter != NULL && dma.Mdl != NULL) {
    MmBuildMdlForNonPagedPool(dma.Mdl);
    DefectTransfer(&dma);
  }
  if (dma.Mdl != NULL) IoFreeMdl(dma.Mdl);
  if (dma.Block != NULL) ExFreePoolWithTag(dma.Block, DEFECT_TAG);
  if (dma.Adapter != NULL) DefectDma(&dma)->PutDmaAdapter(dma.Adapter);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}

// Takes the list of a range of an MDL; it is kept at Context.
static __inline VOID DefectKeep(PDEVICE_OBJECT Device, PIRP Irp, PSCATTER_GATHER_LIST List, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  *(PSCATTER_GATHER_LIST *)Context = List;
}

// Asks for the list of a range of an MDL and gives it back, both at a level.
static __inline VOID DefectList(DEFECT_DMA *Dma, PMDL Mdl, PVOID Start, ULONG Length, KIRQL Level) {
  PSCATTER_GATHER_LIST list = NULL;
  KIRQL old;
  KeRaiseIrql(Level, &old);
  if (NT_SUCCESS(DefectDma(Dma)->GetScatterGatherList(Dma->Adapter, Dma->Device, Mdl, Start, Length,
                                                             DefectKeep, &list, TRUE)) &&
      list != NULL) {
    DefectDma(Dma)->PutScatterGatherList(Dma->Adapter, list, TRUE);
  }
  KeLowerIrql(old);
}
