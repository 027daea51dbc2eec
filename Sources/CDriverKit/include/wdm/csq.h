// Cancel-safe queues: the driver supplies the queue, the I/O manager the care.
#ifndef R3_WDM_CSQ_H
#define R3_WDM_CSQ_H

#include "irp.h"

struct _IO_CSQ;

#define IO_TYPE_CSQ_IRP_CONTEXT 1
#define IO_TYPE_CSQ 2
#define IO_TYPE_CSQ_EX 3

typedef struct _IO_CSQ_IRP_CONTEXT {
  ULONG Type;
  struct _IRP *Irp;
  struct _IO_CSQ *Csq;
} IO_CSQ_IRP_CONTEXT, *PIO_CSQ_IRP_CONTEXT;

R3_CODE(void, IO_CSQ_INSERT_IRP, (struct _IO_CSQ *Csq, PIRP Irp));
R3_CODE(NTSTATUS, IO_CSQ_INSERT_IRP_EX, (struct _IO_CSQ *Csq, PIRP Irp, PVOID InsertContext));
R3_CODE(void, IO_CSQ_REMOVE_IRP, (struct _IO_CSQ *Csq, PIRP Irp));
R3_CODE(PIRP, IO_CSQ_PEEK_NEXT_IRP, (struct _IO_CSQ *Csq, PIRP Irp, PVOID PeekContext));
R3_CODE(void, IO_CSQ_ACQUIRE_LOCK, (struct _IO_CSQ *Csq, PKIRQL Irql));
R3_CODE(void, IO_CSQ_RELEASE_LOCK, (struct _IO_CSQ *Csq, KIRQL Irql));
R3_CODE(void, IO_CSQ_COMPLETE_CANCELED_IRP, (struct _IO_CSQ *Csq, PIRP Irp));

typedef struct _IO_CSQ {
  ULONG Type;
  PIO_CSQ_INSERT_IRP CsqInsertIrp;
  PIO_CSQ_REMOVE_IRP CsqRemoveIrp;
  PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp;
  PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock;
  PIO_CSQ_RELEASE_LOCK CsqReleaseLock;
  PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp;
  PVOID ReservePointer;
} IO_CSQ, *PIO_CSQ;

#endif
