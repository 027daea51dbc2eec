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


// MARK: Version 3

#define DMA_ADAPTER_INFO_VERSION1 1
#define DMA_TRANSFER_INFO_VERSION1 1
#define DMA_TRANSFER_INFO_VERSION2 2
#define DMA_TRANSFER_CONTEXT_VERSION1 1
#define DMA_TRANSFER_CONTEXT_SIZE_V1 128
#define DMA_SYNCHRONOUS_CALLBACK 0x01
#define DMA_ZERO_BUFFERS 0x02
#define DMA_FAIL_ON_BOUNCE 0x04
#define ADAPTER_INFO_SYNCHRONOUS_CALLBACK 0x0001

typedef enum {
  DmaComplete,
  DmaAborted,
  DmaError,
  DmaCancelled
} DMA_COMPLETION_STATUS;

R3_CODE(void, DMA_COMPLETION_ROUTINE,
        (struct _DMA_ADAPTER *DmaAdapter, PDEVICE_OBJECT DeviceObject, PVOID CompletionContext,
         DMA_COMPLETION_STATUS Status));

typedef struct _DMA_ADAPTER_INFO_V1 {
  ULONG ReadDmaCounterAvailable;
  ULONG ScatterGatherLimit;
  ULONG DmaAddressWidth;
  ULONG Flags;
  ULONG MinimumTransferUnit;
} DMA_ADAPTER_INFO_V1, *PDMA_ADAPTER_INFO_V1;

typedef struct _DMA_ADAPTER_INFO {
  ULONG Version;
  union {
    DMA_ADAPTER_INFO_V1 V1;
  };
} DMA_ADAPTER_INFO, *PDMA_ADAPTER_INFO;

typedef struct _DMA_TRANSFER_INFO_V1 {
  ULONG MapRegisterCount;
  ULONG ScatterGatherElementCount;
  ULONG ScatterGatherListSize;
} DMA_TRANSFER_INFO_V1, *PDMA_TRANSFER_INFO_V1;

typedef struct _DMA_TRANSFER_INFO_V2 {
  ULONG MapRegisterCount;
  ULONG ScatterGatherElementCount;
  ULONG ScatterGatherListSize;
  ULONG LogicalPageCount;
} DMA_TRANSFER_INFO_V2, *PDMA_TRANSFER_INFO_V2;

typedef struct _DMA_TRANSFER_INFO {
  ULONG Version;
  union {
    DMA_TRANSFER_INFO_V1 V1;
    DMA_TRANSFER_INFO_V2 V2;
  };
} DMA_TRANSFER_INFO, *PDMA_TRANSFER_INFO;

typedef enum _DMA_COMMON_BUFFER_EXTENDED_CONFIGURATION_TYPE {
  CommonBufferConfigTypeLogicalAddressLimits,
  CommonBufferConfigTypeSubSection,
  CommonBufferConfigTypeHardwareAccessPermissions,
  CommonBufferConfigTypeMax
} DMA_COMMON_BUFFER_EXTENDED_CONFIGURATION_TYPE;

R3_CODE(NTSTATUS, GET_DMA_ADAPTER_INFO,
        (PDMA_ADAPTER DmaAdapter, PDMA_ADAPTER_INFO AdapterInfo));
R3_CODE(NTSTATUS, GET_DMA_TRANSFER_INFO,
        (PDMA_ADAPTER DmaAdapter, PMDL Mdl, ULONGLONG Offset, ULONG Length, BOOLEAN WriteOnly,
         PDMA_TRANSFER_INFO TransferInfo));
R3_CODE(NTSTATUS, INITIALIZE_DMA_TRANSFER_CONTEXT,
        (PDMA_ADAPTER DmaAdapter, PVOID DmaTransferContext));
R3_CODE(PVOID, ALLOCATE_COMMON_BUFFER_EX,
        (PDMA_ADAPTER DmaAdapter, PPHYSICAL_ADDRESS MaximumAddress, ULONG Length,
         PPHYSICAL_ADDRESS LogicalAddress, BOOLEAN CacheEnabled, ULONG PreferredNode));
R3_CODE(NTSTATUS, ALLOCATE_ADAPTER_CHANNEL_EX,
        (PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, PVOID DmaTransferContext,
         ULONG NumberOfMapRegisters, ULONG Flags, PDRIVER_CONTROL ExecutionRoutine,
         PVOID ExecutionContext, PVOID *MapRegisterBase));
R3_CODE(NTSTATUS, CONFIGURE_ADAPTER_CHANNEL,
        (PDMA_ADAPTER DmaAdapter, ULONG FunctionNumber, PVOID Context));
R3_CODE(BOOLEAN, CANCEL_ADAPTER_CHANNEL,
        (PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, PVOID DmaTransferContext));
R3_CODE(NTSTATUS, MAP_TRANSFER_EX,
        (PDMA_ADAPTER DmaAdapter, PMDL Mdl, PVOID MapRegisterBase, ULONGLONG Offset,
         ULONG DeviceOffset, PULONG Length, BOOLEAN WriteToDevice,
         PSCATTER_GATHER_LIST ScatterGatherBuffer, ULONG ScatterGatherBufferLength,
         PDMA_COMPLETION_ROUTINE DmaCompletionRoutine, PVOID CompletionContext));
R3_CODE(NTSTATUS, GET_SCATTER_GATHER_LIST_EX,
        (PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, PVOID DmaTransferContext, PMDL Mdl,
         ULONGLONG Offset, ULONG Length, ULONG Flags, PDRIVER_LIST_CONTROL ExecutionRoutine,
         PVOID Context, BOOLEAN WriteToDevice, PDMA_COMPLETION_ROUTINE DmaCompletionRoutine,
         PVOID CompletionContext, PSCATTER_GATHER_LIST *ScatterGatherList));
R3_CODE(NTSTATUS, BUILD_SCATTER_GATHER_LIST_EX,
        (PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, PVOID DmaTransferContext, PMDL Mdl,
         ULONGLONG Offset, ULONG Length, ULONG Flags, PDRIVER_LIST_CONTROL ExecutionRoutine,
         PVOID Context, BOOLEAN WriteToDevice, PVOID ScatterGatherBuffer,
         ULONG ScatterGatherLength, PDMA_COMPLETION_ROUTINE DmaCompletionRoutine,
         PVOID CompletionContext, PVOID ScatterGatherList));
R3_CODE(NTSTATUS, FLUSH_ADAPTER_BUFFERS_EX,
        (PDMA_ADAPTER DmaAdapter, PMDL Mdl, PVOID MapRegisterBase, ULONGLONG Offset, ULONG Length,
         BOOLEAN WriteToDevice));
R3_CODE(void, FREE_ADAPTER_OBJECT,
        (PDMA_ADAPTER DmaAdapter, IO_ALLOCATION_ACTION AllocationAction));
R3_CODE(NTSTATUS, CANCEL_MAPPED_TRANSFER,
        (PDMA_ADAPTER DmaAdapter, PVOID DmaTransferContext));
R3_CODE(NTSTATUS, ALLOCATE_DOMAIN_COMMON_BUFFER,
        (PDMA_ADAPTER DmaAdapter, HANDLE DomainHandle, PPHYSICAL_ADDRESS MaximumAddress,
         ULONG Length, ULONG Flags, MEMORY_CACHING_TYPE *CacheType, ULONG PreferredNode,
         PPHYSICAL_ADDRESS LogicalAddress, PVOID *VirtualAddress));
R3_CODE(NTSTATUS, FLUSH_DMA_BUFFER, (PDMA_ADAPTER DmaAdapter, PMDL Mdl, BOOLEAN ReadOperation));
R3_CODE(NTSTATUS, JOIN_DMA_DOMAIN, (PDMA_ADAPTER DmaAdapter, HANDLE DomainHandle));
R3_CODE(NTSTATUS, LEAVE_DMA_DOMAIN, (PDMA_ADAPTER DmaAdapter));
R3_CODE(HANDLE, GET_DMA_DOMAIN, (PDMA_ADAPTER DmaAdapter));
R3_CODE(PVOID, ALLOCATE_COMMON_BUFFER_WITH_BOUNDS,
        (PDMA_ADAPTER DmaAdapter, PPHYSICAL_ADDRESS MinimumAddress,
         PPHYSICAL_ADDRESS MaximumAddress, ULONG Length, ULONG Flags,
         MEMORY_CACHING_TYPE *CacheType, ULONG PreferredNode, PPHYSICAL_ADDRESS LogicalAddress));

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
  PGET_DMA_ADAPTER_INFO GetDmaAdapterInfo;
  PGET_DMA_TRANSFER_INFO GetDmaTransferInfo;
  PINITIALIZE_DMA_TRANSFER_CONTEXT InitializeDmaTransferContext;
  PALLOCATE_COMMON_BUFFER_EX AllocateCommonBufferEx;
  PALLOCATE_ADAPTER_CHANNEL_EX AllocateAdapterChannelEx;
  PCONFIGURE_ADAPTER_CHANNEL ConfigureAdapterChannel;
  PCANCEL_ADAPTER_CHANNEL CancelAdapterChannel;
  PMAP_TRANSFER_EX MapTransferEx;
  PGET_SCATTER_GATHER_LIST_EX GetScatterGatherListEx;
  PBUILD_SCATTER_GATHER_LIST_EX BuildScatterGatherListEx;
  PFLUSH_ADAPTER_BUFFERS_EX FlushAdapterBuffersEx;
  PFREE_ADAPTER_OBJECT FreeAdapterObject;
  PCANCEL_MAPPED_TRANSFER CancelMappedTransfer;
  PALLOCATE_DOMAIN_COMMON_BUFFER AllocateDomainCommonBuffer;
  PFLUSH_DMA_BUFFER FlushDmaBuffer;
  PJOIN_DMA_DOMAIN JoinDmaDomain;
  PLEAVE_DMA_DOMAIN LeaveDmaDomain;
  PGET_DMA_DOMAIN GetDmaDomain;
  PALLOCATE_COMMON_BUFFER_WITH_BOUNDS AllocateCommonBufferWithBounds;
} DMA_OPERATIONS, *PDMA_OPERATIONS;

#endif
