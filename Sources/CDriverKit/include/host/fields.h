// Addresses of fields that Swift cannot point at: a member of a union is a computed property there,
// so that `&irp.pointee.Tail.Overlay.ListEntry` is the address of a copy.
#ifndef R3_HOST_FIELDS_H
#define R3_HOST_FIELDS_H

#include "../wdm.h"

#ifdef R3_HOST

/// The fixed form of IO_STACK_LOCATION.Parameters that each family of requests uses.
typedef struct R3TransferParameters {
  ULONG Length;
  ULONG R3_ALIGN(8) Key;
  LARGE_INTEGER ByteOffset;
} R3TransferParameters;

typedef struct R3ControlParameters {
  ULONG OutputBufferLength;
  ULONG R3_ALIGN(8) InputBufferLength;
  ULONG R3_ALIGN(8) IoControlCode;
  PVOID _Nullable Type3InputBuffer;
} R3ControlParameters;

// MARK: The IRP

static inline PVOID _Nullable *_Nonnull r3_irp_system_buffer(IRP *_Nonnull irp) {
  return &irp->AssociatedIrp.SystemBuffer;
}

static inline LIST_ENTRY *_Nonnull r3_irp_list_entry(IRP *_Nonnull irp) {
  return &irp->Tail.Overlay.ListEntry;
}

static inline IRP *_Nonnull r3_irp_of_list_entry(LIST_ENTRY *_Nonnull entry) {
  return (IRP *)((char *)entry - offsetof(IRP, Tail.Overlay.ListEntry));
}

static inline IRP *_Nonnull r3_irp_of_thread_list_entry(LIST_ENTRY *_Nonnull entry) {
  return (IRP *)((char *)entry - offsetof(IRP, ThreadListEntry));
}

static inline KDEVICE_QUEUE_ENTRY *_Nonnull r3_irp_device_queue_entry(IRP *_Nonnull irp) {
  return &irp->Tail.Overlay.DeviceQueueEntry;
}

static inline KAPC *_Nonnull r3_irp_apc(IRP *_Nonnull irp) { return &irp->Tail.Apc; }

static inline PVOID _Nullable *_Nonnull r3_irp_thread(IRP *_Nonnull irp) {
  return &irp->Tail.Overlay.Thread;
}

static inline IO_STACK_LOCATION *_Nullable r3_irp_current(const IRP *_Nonnull irp) {
  return irp->Tail.Overlay.CurrentStackLocation;
}

static inline void r3_irp_set_current(IRP *_Nonnull irp, IO_STACK_LOCATION *_Nullable location) {
  irp->Tail.Overlay.CurrentStackLocation = location;
}

/// The entries that follow the IRP; the first driver gets the last.
static inline IO_STACK_LOCATION *_Nonnull r3_irp_stack(IRP *_Nonnull irp) {
  return (IO_STACK_LOCATION *)(irp + 1);
}

// MARK: The stack location

static inline R3TransferParameters *_Nonnull r3_transfer(IO_STACK_LOCATION *_Nonnull location) {
  return (R3TransferParameters *)&location->Parameters;
}

static inline R3ControlParameters *_Nonnull r3_control(IO_STACK_LOCATION *_Nonnull location) {
  return (R3ControlParameters *)&location->Parameters;
}

/// The four arguments of Parameters.Others.
static inline PVOID _Nullable *_Nonnull r3_arguments(IO_STACK_LOCATION *_Nonnull location) {
  return &location->Parameters.Others.Argument1;
}

// MARK: Objects

static inline PVOID _Nullable *_Nonnull r3_major_functions(DRIVER_OBJECT *_Nonnull driver) {
  return driver->MajorFunction;
}

/// The page frame numbers that follow an MDL.
static inline PFN_NUMBER *_Nonnull r3_mdl_frames(MDL *_Nonnull mdl) {
  return (PFN_NUMBER *)(mdl + 1);
}

static inline SLIST_HEADER *_Nonnull r3_lookaside_head(GENERAL_LOOKASIDE *_Nonnull list) {
  return &list->ListHead;
}

/// The part that every kind of lookaside list begins with.
static inline GENERAL_LOOKASIDE_POOL *_Nonnull r3_lookaside_pool(void *_Nonnull list) {
  return (GENERAL_LOOKASIDE_POOL *)list;
}

#endif
#endif
