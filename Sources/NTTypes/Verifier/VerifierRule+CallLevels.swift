// Rules on the level at which a routine of the system may be called.
extension VerifierRule {
  static let callLevels: [VerifierRule] = [
    level("IrqlExPassive", 0x0002_0008, place: "at PASSIVE_LEVEL"),
    level("IrqlIoPassive1", 0x0002_000A, place: "at PASSIVE_LEVEL"),
    level("IrqlIoPassive2", 0x0002_000B, place: "at PASSIVE_LEVEL"),
    level("IrqlIoPassive3", 0x0002_000C, place: "at PASSIVE_LEVEL"),
    level("IrqlIoPassive4", 0x0002_000D, place: "at PASSIVE_LEVEL"),
    level("IrqlIoPassive5", 0x0002_000E, place: "at PASSIVE_LEVEL"),
    level("IrqlObPassive", 0x0002_001B, place: "at PASSIVE_LEVEL"),
    level("IrqlPsPassive", 0x0002_001C, place: "at PASSIVE_LEVEL"),
    level("IrqlRtlPassive", 0x0002_001E, place: "at PASSIVE_LEVEL"),
    level("IrqlZwPassive", 0x0002_001F, place: "at PASSIVE_LEVEL"),
    level("IrqlIoRtlZwPassive", 0x0002_0023, place: "at PASSIVE_LEVEL"),
    level("IrqlApcLte", 0x0002_0002, place: "at APC_LEVEL or below"),
    level("IrqlExApcLte1", 0x0002_0005, place: "at APC_LEVEL or below"),
    level("IrqlExApcLte2", 0x0002_0006, place: "at APC_LEVEL or below"),
    level("IrqlExApcLte3", 0x0002_0007, place: "at APC_LEVEL or below"),
    level("IrqlIoApcLte", 0x0002_0009, place: "at APC_LEVEL or below"),
    level("IrqlKeApcLte1", 0x0002_000F, place: "at APC_LEVEL or below"),
    level("IrqlKeApcLte2", 0x0002_0010, place: "at APC_LEVEL or below"),
    level("IrqlMmApcLte", 0x0002_0019, place: "at APC_LEVEL or below"),
    level("FastMutexLevel", 0x33, place: "at APC_LEVEL or below"),
    level("CriticalRegionLevel", 0x11A, 0x11B, place: "at APC_LEVEL or below"),
    level("IrqlKeDispatchLte", 0x0002_0011, place: "at DISPATCH_LEVEL or below"),
    level("IrqlKeSetEvent", 0x80, 0x0002_0016, place: "at DISPATCH_LEVEL or below"),
    level("IrqlMmDispatch", 0x0002_001A, place: "at DISPATCH_LEVEL or below"),
    level("IrqlIoDispatch", 0x0002_0022, place: "at DISPATCH_LEVEL or below"),
    level(
      "FastMutexReleaseLevel", 0x34, place: "at APC_LEVEL, where its acquisition left the thread"),
    level("IrqlDispatch", 0x0002_0003, place: "at DISPATCH_LEVEL"),
    VerifierRule(
      "ForbiddenIrqlMove", 0xC4, [0x30, 0x31], .ddiCompliance,
      "The level was raised to a lower one, lowered to a higher one, or lowered below DISPATCH_LEVEL in a DPC.",
      remedy: "Lower to exactly what KeRaiseIrql gave, once, in the routine that raised."),
    level("KernelRoutineLevel", 0xE5, place: "at the level that its documentation gives"),
  ]

  private static func level(_ name: String, _ values: UInt64..., place: String) -> VerifierRule {
    VerifierRule(
      name, 0xC4, values, .ddiCompliance,
      "A routine was called at another level than it may be called at.",
      remedy:
        "Call it \(place): from a work item, before the lock is taken, or after it is released.")
  }
}
