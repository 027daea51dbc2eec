// Rules on the use of framework objects that code and parameters alone do not tell: the site names them.
extension VerifierRule {
  static let frameworkUse: [VerifierRule] = [
    VerifierRule(
      "WdfRequestNoStackLocation", 0x10D, [0x6], [],
      "A request was sent or formatted without a stack location left for the next driver.",
      remedy:
        "Make requests for their target (WdfRequestCreate, WdfRequestChangeTarget), so that they fit."
    ),
    VerifierRule(
      "WdfRequestAlreadySent", 0x10D, [0x6], [],
      "A request was sent, reused or completed while a target has it.",
      remedy:
        "Wait for its completion routine; cancel it with WdfRequestCancelSentRequest before that."),
    VerifierRule(
      "WdfInformationTooLarge", 0x10D, [0x6], .wdf,
      "A request was completed with more bytes than its buffer holds.",
      remedy: "Report at most the length that the callback was called with."),
    VerifierRule(
      "RequestFormattedValid", 0x10D, [0x6], .wdf,
      "A request was sent that was not formatted.",
      remedy:
        "Call one of the WdfIoTargetFormatRequest or WdfRequestFormatRequestUsingCurrentType functions before each send."
    ),
    VerifierRule(
      "RequestGetStatusValid", 0x10D, [0x6], .wdf,
      "WdfRequestGetStatus was called for a request that was never sent.",
      remedy:
        "Ask for the status after WdfRequestSend returned FALSE, or in the completion routine."),
    VerifierRule(
      "RequestSendAndForgetNoFormatting", 0x10D, [0x6], .wdf,
      "A request was formatted with buffers of the driver and then sent to be forgotten.",
      remedy: "Send it with a completion routine, or leave it as it came."),
    VerifierRule(
      "InvalidReqAccess", 0x10D, [0x5], .wdf,
      "A request was used after it was completed, or sent to be forgotten.",
      remedy: "Take what you need before the completion; clear the place where the handle is kept."),
    VerifierRule(
      "InvalidReqAccessLocal", 0x10D, [0x5], .wdf,
      "A request was used after it was completed in the same callback.",
      remedy: "Return after WdfRequestComplete, or do what is left before it."),
    VerifierRule(
      "DoubleCompletionLocal", 0x10D, [0x5], .wdf,
      "A request was completed twice in one callback.",
      remedy: "Complete at one place, at the end of the callback; return after each completion."),
    VerifierRule(
      "MemAfterReqCompletedRead", 0x10D, [0x5], .wdf,
      "The memory object of a read was used after the request was completed.",
      remedy: "Copy what you need before the completion; the object ends with the request."),
    VerifierRule(
      "MemAfterReqCompletedWrite", 0x10D, [0x5], .wdf,
      "The memory object of a write was used after the request was completed.",
      remedy: "Copy what you need before the completion; the object ends with the request."),
    VerifierRule(
      "MemAfterReqCompletedIoctl", 0x10D, [0x5], .wdf,
      "The memory object of a control request was used after the request was completed.",
      remedy: "Copy what you need before the completion; the object ends with the request."),
    VerifierRule(
      "MemAfterReqCompletedIntIoctl", 0x10D, [0x5], .wdf,
      "The memory object of an internal control request was used after the request was completed.",
      remedy: "Copy what you need before the completion; the object ends with the request."),
    VerifierRule(
      "ReqNotCanceled", 0x10D, [0x6], [],
      "A request was completed that is still marked as cancelable.",
      remedy:
        "Call WdfRequestUnmarkCancelable first, and complete only when it did not return STATUS_CANCELLED."
    ),
    VerifierRule(
      "CompleteCanceledReq", 0x10D, [0x6], .wdf,
      "A request was completed that is cancelled, before its EvtRequestCancel was called.",
      remedy:
        "When WdfRequestUnmarkCancelable returns STATUS_CANCELLED, leave the completion to EvtRequestCancel."
    ),
    VerifierRule(
      "MarkCancOnCancReq", 0x10D, [0x6], .wdf,
      "A request was marked as cancelable that is marked already.",
      remedy: "Mark a request once; WdfRequestUnmarkCancelable takes the mark away."),
    VerifierRule(
      "ReqIsCancOnCancReq", 0x10D, [0x6], .wdf,
      "WdfRequestIsCanceled was called for a request that is marked as cancelable.",
      remedy: "Use one of the two: a request with a cancel callback is told by it."),
    VerifierRule(
      "ReqMarkCancelableSend", 0x10D, [0x6], .wdf,
      "A request was sent that is marked as cancelable.",
      remedy:
        "Call WdfRequestUnmarkCancelable before the send; the framework cancels sent requests by itself."
    ),
    VerifierRule(
      "ReqSendWhileSpinlock", 0x10D, [0x6], .wdf,
      "A request was sent while the driver holds a framework spin lock.",
      remedy:
        "Release the lock before the send: the completion routine may run within it and take the lock again."
    ),
    VerifierRule(
      "ReqDelete", 0x10D, [0x6], .wdf,
      "A driver tried to delete a request that it was given.",
      remedy: "Complete it; the framework deletes it then."),
    VerifierRule(
      "InputBufferAPI", 0x10D, [0x6], .wdf,
      "The input buffer of a read was asked for: a read has none.",
      remedy: "Use WdfRequestRetrieveOutputBuffer or WdfRequestRetrieveOutputMemory for reads."),
    VerifierRule(
      "OutputBufferAPI", 0x10D, [0x6], .wdf,
      "The output buffer of a write was asked for: a write has none.",
      remedy: "Use WdfRequestRetrieveInputBuffer or WdfRequestRetrieveInputMemory for writes."),
    VerifierRule(
      "WdfRequestNotInCallerContext", 0x10D, [0x6], .wdf,
      "The requester's own address was asked for outside of EvtIoInCallerContext, where it may mean nothing.",
      remedy:
        "Call it in EvtIoInCallerContext, lock the pages there with WdfRequestProbeAndLockUserBufferForRead or ForWrite, and keep the memory object in the request's context."
    ),
    VerifierRule(
      "KmdfIrql", 0x10D, [0xE], .wdf,
      "A function of the framework was called above PASSIVE_LEVEL or APC_LEVEL, where it may not be.",
      remedy: "Call it from a work item, before the lock is taken, or after it is released."),
    VerifierRule(
      "KmdfIrql2", 0x10D, [0xE], .wdf,
      "A function of the framework was called above DISPATCH_LEVEL.",
      remedy: "Call it from the DPC of the interrupt."),
    VerifierRule(
      "WdfSpinlock", 0x10D, [0xE], .wdf,
      "A callback returned with a framework spin lock that it had acquired.",
      remedy: "Release each spin lock on each way out."),
    VerifierRule(
      "WdfSpinlockRelease", 0x10D, [0xB], [],
      "A framework spin lock was released by a thread that does not have it.",
      remedy: "Pair WdfSpinLockAcquire and WdfSpinLockRelease in one callback."),
    VerifierRule(
      "WdfWaitlock", 0x10D, [0xF], .wdf,
      "A callback returned with a framework wait lock that it had acquired.",
      remedy: "Release each wait lock on each way out."),
    VerifierRule(
      "WdfWaitlockRelease", 0x10D, [0xB], [],
      "A framework wait lock was released by a thread that does not have it.",
      remedy: "Release only when WdfWaitLockAcquire returned STATUS_SUCCESS, in the same callback."),
    VerifierRule(
      "StopAckWithinEvtIoStop", 0x10D, [0x6], .wdf,
      "WdfRequestStopAcknowledge was called for a request that is not being stopped.",
      remedy: "Call it in EvtIoStop only, or for a request for which EvtIoStop was called."),
    VerifierRule(
      "DeviceInitAPI", 0x10D, [0x4], [],
      "A device was to be described that is made already, or has no description.",
      remedy:
        "Call the functions that take a PWDFDEVICE_INIT before WdfDeviceCreate, which takes it and sets the pointer to NULL."
    ),
    VerifierRule(
      "DriverCreate", 0x10D, [0x7], .wdf,
      "DriverEntry of a framework driver succeeded without WdfDriverCreate.",
      remedy: "Call WdfDriverCreate in DriverEntry, and return its status."),
    VerifierRule(
      "CtlDeviceFinishInitDeviceAdd", 0x10D, [0x7], .wdf,
      "EvtDriverDeviceAdd made a control device and left it unfinished: nobody can open it.",
      remedy: "Call WdfControlFinishInitializing when the device's queues are made."),
    VerifierRule(
      "CtlDeviceFinishInitDrEntry", 0x10D, [0x7], .wdf,
      "DriverEntry made a control device and did not finish it.",
      remedy: "Call WdfControlFinishInitializing when the device's queues are made."),
    VerifierRule(
      "WdfObjectLeft", 0x10D, [0x7], .wdf,
      "The driver was unloaded and framework objects of its are left.",
      remedy:
        "Pair references and dereferences, and end what was begun; the list of leaks says what keeps each."
    ),
  ]
}
