// Rules on dispatch and completion routines, and on passing requests on.
extension VerifierRule {
  static let dispatching: [VerifierRule] = [
    VerifierRule(
      "StatusDiffers", 0xC9, [0x224], .ioVerification,
      "A dispatch routine returned another status than it completed the request with.",
      remedy:
        "Return the value that was put into IoStatus.Status; save it before IoCompleteRequest."
    ),
    VerifierRule(
      "CompletionRoutineCopied", 0xC9, [0x207], .ioVerification,
      "The completion routine of the driver above was copied into the next stack location.",
      remedy: "Copy with IoCopyCurrentIrpStackLocationToNext, which leaves the routine out."),
    VerifierRule(
      "ControlNotCleared", 0xC9, [0x206], .ioVerification,
      "The control bits of the driver's own location were copied into the next stack location.",
      remedy: "Copy with IoCopyCurrentIrpStackLocationToNext, which clears them."),
    VerifierRule(
      "EventAlreadySignalled", 0xC9, [0x307], .ioVerification,
      "A request was sent whose event is set already.",
      remedy: "Initialize the event as not signalled, or clear it before each request."),
    VerifierRule(
      "ForwardedWhileBelow", 0xC9, [0x205], [.ioVerification, .forcePendingIO],
      "A request was passed on that a lower driver still has: IoCallDriver had returned STATUS_PENDING.",
      remedy: "Wait until the completion routine has run, then use the request again."),
    VerifierRule(
      "CompletedWhileBelow", 0xC9, [0x209], [.ioVerification, .forcePendingIO],
      "A request was completed that a lower driver still has: IoCallDriver had returned STATUS_PENDING.",
      remedy:
        "Return STATUS_PENDING and complete in the completion routine, or wait for an event that the routine sets."
    ),
    VerifierRule(
      "FreedWhileBelow", 0xC9, [0x20B], [.ioVerification, .forcePendingIO],
      "A request was freed that a lower driver still has: IoCallDriver had returned STATUS_PENDING.",
      remedy: "Free it in the completion routine, which returns STATUS_MORE_PROCESSING_REQUIRED."),
    VerifierRule(
      "TooFewStackLocations", 0xC9, [0x208], .ioVerification,
      "A request was sent that has fewer stack locations left than the stack of its device.",
      remedy: "Allocate requests with the StackSize of the device that they go to."),
    VerifierRule(
      "CompletionChangedLevel", 0xC4, [0xFA], .ioVerification,
      "A completion routine returned at another level than it was called at.",
      remedy: "Release each spin lock on each way out."),
    VerifierRule(
      "CompletionChangedApcs", 0xC4, [0xFB], .ioVerification,
      "A completion routine entered or left a critical region.",
      remedy: "Leave each region in the routine that entered it."),
    VerifierRule(
      "DispatchChangedApcs", 0xC4, [0xC5], .ioVerification,
      "A dispatch routine returned in a critical region that it had entered.",
      remedy: "Leave each region on each way out."),
    VerifierRule(
      "DispatchDisabledInterrupts", 0xC4, [0xC0, 0xC1], .ioVerification,
      "A dispatch routine returned, or passed a request on, with interrupts off.",
      remedy: "Leave interrupts alone; use a spin lock."),
    VerifierRule(
      "CancelledTooLong", 0xC4, [0x135], .ioVerification,
      "A request was not completed in time after it had been cancelled.",
      remedy: "Set a cancel routine for each request that waits, and complete the request in it."),
  ]
}
