/// The scenarios of `Tests/Drivers/wdf-object.c`, in its order.
enum ObjectScenario {
  static let chain: UInt32 = 0
  static let siblings: UInt32 = 1
  static let referenced: UInt32 = 2
  static let referencedChild: UInt32 = 3
  static let attributes: UInt32 = 4
  static let parents: UInt32 = 5
  static let deletePending: UInt32 = 6
  static let contexts: UInt32 = 7
  static let moreContexts: UInt32 = 8
  static let contextWithoutMemory: UInt32 = 9
  static let custom: UInt32 = 10
  static let passiveChild: UInt32 = 11
  static let atDispatch: UInt32 = 12
  static let passiveKind: UInt32 = 13
  static let passiveDestroy: UInt32 = 14
  static let undeletable: UInt32 = 15
  static let keep: UInt32 = 16
  static let unkeep: UInt32 = 17
  static let leak: UInt32 = 18
  static let leave: UInt32 = 19
  static let hundred: UInt32 = 20
  static let randomTree: UInt32 = 21
  static let locks: UInt32 = 22
  static let inlines: UInt32 = 23
  static let mistake: UInt32 = 24
  static let churn: UInt32 = 25
  static let racePrepare: UInt32 = 26
  static let raceDelete: UInt32 = 27
  static let raceFinish: UInt32 = 28
}

func objectBench(verifies: Bool = false) throws -> ScenarioBench {
  try ScenarioBench("wdf-object", "WdfObject", verifies: verifies)
}
