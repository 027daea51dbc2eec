// Direct memory access: adapters, their operations, scatter/gather lists.
#ifndef R3_WDM_DMA_H
#define R3_WDM_DMA_H

#include "device.h"

#define DEVICE_DESCRIPTION_VERSION 0x0000
#define DEVICE_DESCRIPTION_VERSION1 0x0001
#define DEVICE_DESCRIPTION_VERSION2 0x0002
#define DEVICE_DESCRIPTION_VERSION3 0x0003

typedef struct _DEVICE_DESCRIPTION {
  ULONG Version;
  BOOLEAN Master;
  BOOLEAN ScatterGather;
  BOOLEAN DemandMode;
  BOOLEAN AutoInitialize;
  BOOLEAN Dma32BitAddresses;
  BOOLEAN IgnoreCount;
  BOOLEAN Reserved1;
  BOOLEAN Dma64BitAddresses;
  ULONG BusNumber;
  ULONG DmaChannel;
  INTERFACE_TYPE InterfaceType;
  DMA_WIDTH DmaWidth;
  DMA_SPEED DmaSpeed;
  ULONG MaximumLength;
  ULONG DmaPort;
  ULONG DmaAddressWidth;
  ULONG DmaControllerInstance;
  ULONG DmaRequestLine;
  PHYSICAL_ADDRESS DeviceAddress;
} DEVICE_DESCRIPTION, *PDEVICE_DESCRIPTION;

typedef struct _SCATTER_GATHER_ELEMENT {
  PHYSICAL_ADDRESS Address;
  ULONG Length;
  ULONG_PTR Reserved;
} SCATTER_GATHER_ELEMENT, *PSCATTER_GATHER_ELEMENT;

typedef struct _SCATTER_GATHER_LIST {
  ULONG NumberOfElements;
  ULONG_PTR Reserved;
#ifdef R3_HOST
  SCATTER_GATHER_ELEMENT Elements[0];
#else
  SCATTER_GATHER_ELEMENT Elements[];
#endif
} SCATTER_GATHER_LIST, *PSCATTER_GATHER_LIST;

R3_CODE(void, DRIVER_LIST_CONTROL,
        (struct _DEVICE_OBJECT *DeviceObject, struct _IRP *Irp,
         PSCATTER_GATHER_LIST ScatterGather, PVOID Context));

typedef struct _DMA_ADAPTER {
  USHORT Version;
  USHORT Size;
  struct _DMA_OPERATIONS *DmaOperations;
} DMA_ADAPTER, *PDMA_ADAPTER;

R3_CODE(void, PUT_DMA_ADAPTER, (PDMA_ADAPTER DmaAdapter));
R3_CODE(PVOID, ALLOCATE_COMMON_BUFFER,
        (PDMA_ADAPTER DmaAdapter, ULONG Length, PPHYSICAL_ADDRESS LogicalAddress,
         BOOLEAN CacheEnabled));
R3_CODE(void, FREE_COMMON_BUFFER,
        (PDMA_ADAPTER DmaAdapter, ULONG Length, PHYSICAL_ADDRESS LogicalAddress,
         PVOID VirtualAddress, BOOLEAN CacheEnabled));
R3_CODE(NTSTATUS, ALLOCATE_ADAPTER_CHANNEL,
        (PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, ULONG NumberOfMapRegisters,
         PDRIVER_CONTROL ExecutionRoutine, PVOID Context));
R3_CODE(BOOLEAN, FLUSH_ADAPTER_BUFFERS,
        (PDMA_ADAPTER DmaAdapter, PMDL Mdl, PVOID MapRegisterBase, PVOID CurrentVa, ULONG Length,
         BOOLEAN WriteToDevice));
R3_CODE(void, FREE_ADAPTER_CHANNEL, (PDMA_ADAPTER DmaAdapter));
R3_CODE(void, FREE_MAP_REGISTERS,
        (PDMA_ADAPTER DmaAdapter, PVOID MapRegisterBase, ULONG NumberOfMapRegisters));
R3_CODE(PHYSICAL_ADDRESS, MAP_TRANSFER,
        (PDMA_ADAPTER DmaAdapter, PMDL Mdl, PVOID MapRegisterBase, PVOID CurrentVa, PULONG Length,
         BOOLEAN WriteToDevice));
R3_CODE(ULONG, GET_DMA_ALIGNMENT, (PDMA_ADAPTER DmaAdapter));
R3_CODE(ULONG, READ_DMA_COUNTER, (PDMA_ADAPTER DmaAdapter));
R3_CODE(NTSTATUS, GET_SCATTER_GATHER_LIST,
        (PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, PMDL Mdl, PVOID CurrentVa,
         ULONG Length, PDRIVER_LIST_CONTROL ExecutionRoutine, PVOID Context,
         BOOLEAN WriteToDevice));
R3_CODE(void, PUT_SCATTER_GATHER_LIST,
        (PDMA_ADAPTER DmaAdapter, PSCATTER_GATHER_LIST ScatterGather, BOOLEAN WriteToDevice));
R3_CODE(NTSTATUS, CALCULATE_SCATTER_GATHER_LIST_SIZE,
        (PDMA_ADAPTER DmaAdapter, PMDL Mdl, PVOID CurrentVa, ULONG Length,
         PULONG ScatterGatherListSize, PULONG NumberOfMapRegisters));
R3_CODE(NTSTATUS, BUILD_SCATTER_GATHER_LIST,
        (PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, PMDL Mdl, PVOID CurrentVa,
         ULONG Length, PDRIVER_LIST_CONTROL ExecutionRoutine, PVOID Context,
         BOOLEAN WriteToDevice, PVOID ScatterGatherBuffer, ULONG ScatterGatherLength));
R3_CODE(NTSTATUS, BUILD_MDL_FROM_SCATTER_GATHER_LIST,
        (PDMA_ADAPTER DmaAdapter, PSCATTER_GATHER_LIST ScatterGather, PMDL OriginalMdl,
         PMDL *TargetMdl));

typedef struct _DMA_OPERATIONS {
  ULONG Size;
  PPUT_DMA_ADAPTER PutDmaAdapter;
  PALLOCATE_COMMON_BUFFER AllocateCommonBuffer;
  PFREE_COMMON_BUFFER FreeCommonBuffer;
  PALLOCATE_ADAPTER_CHANNEL AllocateAdapterChannel;
  PFLUSH_ADAPTER_BUFFERS FlushAdapterBuffers;
  PFREE_ADAPTER_CHANNEL FreeAdapterChannel;
  PFREE_MAP_REGISTERS FreeMapRegisters;
  PMAP_TRANSFER MapTransfer;
  PGET_DMA_ALIGNMENT GetDmaAlignment;
  PREAD_DMA_COUNTER ReadDmaCounter;
  PGET_SCATTER_GATHER_LIST GetScatterGatherList;
  PPUT_SCATTER_GATHER_LIST PutScatterGatherList;
  PCALCULATE_SCATTER_GATHER_LIST_SIZE CalculateScatterGatherList;
  PBUILD_SCATTER_GATHER_LIST BuildScatterGatherList;
  PBUILD_MDL_FROM_SCATTER_GATHER_LIST BuildMdlFromScatterGatherList;
} DMA_OPERATIONS, *PDMA_OPERATIONS;

#endif
