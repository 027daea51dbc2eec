// Rules on requests, their buffers, and the framework's objects.
extension VerifierRule {
  static let requests: [VerifierRule] = [
    VerifierRule(
      "DoubleCompletion", 0x44, [], [],
      "A request was completed that is completed already.",
      remedy:
        "Decide at one place who completes; a cancel routine and a completion race through IoSetCancelRoutine."
    ),
    VerifierRule(
      "CompletedWithPending", 0xC9, [0x06], .ioVerification,
      "A request was completed with STATUS_PENDING or -1 as its status.",
      remedy: "Set IoStatus.Status to the final status before IoCompleteRequest."),
    VerifierRule(
      "IrpCancelField", 0xC9, [0x07, 0x203, 0x23C], .ioVerification,
      "A request was completed or passed on with its cancel routine still set.",
      remedy:
        "Call IoSetCancelRoutine(Irp, NULL) first, and leave the request alone when that returned NULL."
    ),
    VerifierRule(
      "IrqlIoCompleteRequest", 0xC9, [0x0E], .ioVerification,
      "A request was completed above DISPATCH_LEVEL.",
      remedy: "Complete in the DPC of the interrupt."),
    VerifierRule(
      "DispatchChangedLevel", 0xC9, [0x05], .ioVerification,
      "A dispatch routine returned at another level than it was called at.",
      remedy: "Release each spin lock on each way out."),
    VerifierRule(
      "ForwardedAtBadIrql", 0xC9, [0x10, 0x11, 0x12, 0x23A, 0x301, 0x302], .ioVerification,
      "IoCallDriver was called above DISPATCH_LEVEL.",
      remedy: "Send requests from a DPC or a work item."),
    VerifierRule(
      "BadIrp", 0xC9, [0x01, 0x02, 0x03, 0x04], .ioVerification,
      "A routine for requests was given something that is no IRP.",
      remedy: "Pass an IRP that is alive: not completed, not released."),
    VerifierRule(
      "IrpNeitherCompletedNorPending", 0xC9, [0x226], .ioVerification,
      "A dispatch routine returned a final status without completing the request or passing it on.",
      remedy: "Complete the request, or mark it and return STATUS_PENDING."),
    VerifierRule(
      "PendedWithoutMark", 0xC9, [0x23D, 0x24C], .ioVerification,
      "A dispatch routine returned STATUS_PENDING without IoMarkIrpPending.",
      remedy: "Call IoMarkIrpPending before the request can be completed elsewhere."),
    VerifierRule(
      "MarkIrpPending", 0xC9, [0x23E], .ioVerification,
      "A dispatch routine marked the request as pending and returned another status.",
      remedy: "Return STATUS_PENDING after IoMarkIrpPending."),
    VerifierRule(
      "PendingNotPropagated", 0xC9, [0x228], .ioVerification,
      "A completion routine left PendingReturned behind.",
      remedy: "Begin completion routines with: if (Irp->PendingReturned) IoMarkIrpPending(Irp);"),
    VerifierRule(
      "InformationTooLarge", 0xC9, [0x312], .ioVerification,
      "More bytes were reported than the output buffer holds.",
      remedy: "Report at most the output length of the request."),
    VerifierRule(
      "IoReuseIrp", 0xC9, [0x310, 0x311, 0x20D, 0x238], .ioVerification,
      "A request was set up again that is in use, or not the driver's to set up.",
      remedy: "Use IoReuseIrp, on requests of IoAllocateIrp, after they came back."),
    VerifierRule(
      "DeviceFlagsBoth", 0xC9, [0x245], .ioVerification,
      "A device has both DO_BUFFERED_IO and DO_DIRECT_IO.",
      remedy: "Set one of them."),
    VerifierRule(
      "DeviceDeletedTwice", 0xC9, [0x240], .ioVerification,
      "A device was deleted that is deleted already.",
      remedy: "Delete a device once, and set its pointer to NULL."),
    VerifierRule(
      "DeviceInitializing", 0xC9, [0x243], .ioVerification,
      "AddDevice left DO_DEVICE_INITIALIZING set.",
      remedy: "Clear it as the last step of AddDevice."),
    VerifierRule(
      "NoMoreStackLocations", 0x35, [], [],
      "A request was passed on without a stack location left.",
      remedy:
        "Send requests to the device below, and allocate them with the stack size of the device that they go to."
    ),
  ]

  static let framework: [VerifierRule] = [
    VerifierRule(
      "WdfMemoryReferenceLeft", 0x10D, [0x3], .wdf,
      "A request was completed while its memory object had references.",
      remedy: "Dereference the memory object before the request is completed."),
    VerifierRule(
      "WdfRecursiveLock", 0x10D, [0x2], [],
      "A thread acquired a lock that it holds.",
      remedy: "Do not call routines that take a lock while you hold it."),
    VerifierRule(
      "WdfRequiredParameter", 0x10D, [0x4], [],
      "NULL was passed where an address is required.",
      remedy: "Pass the address; look at the status of what should have given it."),
    VerifierRule(
      "WdfInvalidHandle", 0x10D, [0x5], [],
      "A handle was used that is none, is of another type, or whose object is gone.",
      remedy: "Use handles while their object lives; a request is gone with its completion."),
    VerifierRule(
      "WdfRequestMisused", 0x10D, [0x6], [],
      "A request was completed, sent or reused in a state that does not allow it.",
      remedy:
        "Complete a request once; format it before it is sent; do not touch it while it is sent."),
    VerifierRule(
      "WdfObjectMisused", 0x10D, [0x7], [],
      "An object was dereferenced to its end, or deleted though it may not be.",
      remedy: "Delete with WdfObjectDelete; dereference only what you referenced."),
    VerifierRule(
      "WdfDmaState", 0x10D, [0x8], [],
      "A DMA transaction was used in a state that does not allow it.",
      remedy: "Follow the order: initialize, execute, complete each transfer, release."),
    VerifierRule(
      "WdfQueueMisused", 0x10D, [0xA], [],
      "A queue was deleted or changed in a state that does not allow it.",
      remedy: "Leave default queues to the framework; drain or purge others before they go."),
    VerifierRule(
      "WdfLockMisused", 0x10D, [0xB], [],
      "A lock was released by another thread, or an object has none.",
      remedy:
        "Release in the thread that acquired; give the object a synchronization scope for a lock."),
    VerifierRule(
      "WdfControlDeviceMisused", 0x10D, [0xC], [],
      "A function for devices of Plug and Play was called for a control device.",
      remedy: "Call such functions for devices of EvtDriverDeviceAdd or of a bus only."),
    VerifierRule(
      "WdfCallbackChangedLevel", 0x10D, [0xE], .wdf,
      "A callback returned at another level than it was called at.",
      remedy: "Release each lock on each way out."),
    VerifierRule(
      "WdfCallbackInCriticalRegion", 0x10D, [0xF], .wdf,
      "A callback returned in a critical region that it had entered.",
      remedy: "Leave each critical region on each way out."),
  ]
}
