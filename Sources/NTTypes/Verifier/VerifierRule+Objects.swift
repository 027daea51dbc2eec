// Rules on where objects of the system lie, on handles, and on addresses that are given to the system.
extension VerifierRule {
  static let placement: [VerifierRule] = [
    VerifierRule(
      "SyncObjectPageable", 0xC4, [0xE1], .forceIRQLChecking,
      "An event, timer, semaphore or mutex was set up in pageable memory: the system touches it at DISPATCH_LEVEL.",
      remedy: "Put such objects into nonpaged pool or the device extension."),
    VerifierRule(
      "WorkItemPageable", 0xC4, [0x131], .forceIRQLChecking,
      "A work item lies in pageable memory: the system touches it at DISPATCH_LEVEL.",
      remedy: "Put work items into nonpaged pool, or let IoAllocateWorkItem make them."),
    VerifierRule(
      "ResourceUnaligned", 0xC4, [0x3D], .deadlockDetection,
      "A resource lies at an address that is no multiple of eight.",
      remedy: "Do not pack structures that hold an ERESOURCE."),
    VerifierRule(
      "DpcChangedLevel", 0xC8, [], [],
      "A DPC or APC returned at another level than it was called at.",
      remedy: "Release each spin lock on each way out, and lower what was raised."),
    VerifierRule(
      "InterruptChangedLevel", 0xC4, [0x111], .ddiCompliance,
      "An interrupt service routine returned at another level than it was called at.",
      remedy: "Lower what was raised in the routine itself; leave the rest to a DPC."),
    VerifierRule(
      "WorkItemChangedLevel", 0xE1, [], [],
      "A work item returned above PASSIVE_LEVEL.",
      remedy: "Release each lock on each way out, and lower what was raised."),
  ]

  static let images: [VerifierRule] = [
    VerifierRule(
      "ImageCodeWritable", 0xC4, [0x2003], .codeIntegrity,
      "The image has a section that is both written to and executed.",
      remedy:
        "Keep code and data apart; leave out /SECTION, /MERGE and sections of your own for both."),
    VerifierRule(
      "ImageImportsInCode", 0xC4, [0x2005], .codeIntegrity,
      "The addresses of imports lie in a section that is executed.",
      remedy: "Do not merge .rdata or .idata into .text."),
  ]

  static let handles: [VerifierRule] = [
    VerifierRule(
      "HandleNull", 0xC4, [0xF5], .securityChecks,
      "NULL was given to ObReferenceObjectByHandle.",
      remedy: "Look at the status of what should have given the handle."),
    VerifierRule(
      "HandleInvalid", 0xC4, [0x3C], .securityChecks,
      "A handle that is not open was used on behalf of the kernel.",
      remedy:
        "Clear the place of a handle as you close it; use handles of programs with UserMode, in their process."
    ),
    VerifierRule(
      "HandleOfProgram", 0xC4, [0xF6], .securityChecks,
      "A handle of a program's table was used on behalf of the kernel: the program can close it and open another.",
      remedy:
        "Open handles of your own with OBJ_KERNEL_HANDLE; pass UserMode for a handle that a program gave."
    ),
    VerifierRule(
      "HandleOfKernel", 0xC4, [0xF7], .securityChecks,
      "A handle of the kernel was used as a program's, in the system process.",
      remedy: "Pass KernelMode for handles of your own."),
    VerifierRule(
      "ServiceUserAddress", 0xC4, [0xE3], .securityChecks,
      "An address of a program was given to a Zw routine, which does not probe it.",
      remedy: "Copy what a program gave into memory of your own, and give the copy."),
    VerifierRule(
      "ServiceMalformedString", 0xC4, [0xE4], .securityChecks,
      "A UNICODE_STRING was given to a Zw routine whose lengths do not agree.",
      remedy: "Set strings up with RtlInitUnicodeString; lengths are in bytes, and even."),
    VerifierRule(
      "KernelRequestUserAddress", 0xC4, [0xE2], .securityChecks,
      "A request of the kernel carries an address of a program, which nobody probes.",
      remedy:
        "Give requests buffers of your own, or lock the program's pages and describe them with an MDL."
    ),
    VerifierRule(
      "ObjectReferences", 0x18, [], [],
      "An object was referenced or dereferenced that is gone.",
      remedy: "Dereference an object once for each reference, and do not use it after the last one."
    ),
  ]
}
