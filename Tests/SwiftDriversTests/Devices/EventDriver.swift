import Ring3

/// A driver of a Plug and Play device that notes every event, and fails those that `Fails` names.
final class EventDriver: SwiftDriver {
  static let isPlugAndPlay = true
  static let interface = GUID("5a2d4a3e-1f6b-4d0c-9a8e-35c1c1f0a001") ?? GUID(bytes: [])!
  static let keepWorking = IoControlCode(deviceType: .unknown, function: 0x901, method: .buffered)

  private let journal: Journal
  private let fails: String
  private let wakes: Bool

  init(_ driver: DriverObject) throws {
    journal = try Journal(driver)
    fails = try driver.parameters.string("Fails") ?? ""
    wakes = try driver.parameters.dword("Wakes") == 1
  }

  func unload() { journal.note("unload") }

  func add(_ device: consuming DeviceInit) throws {
    describePlugAndPlay(&device)
    describePower(&device)
    let device = try device.makeDevice()
    try device.makeInterface(Self.interface)
    try device.makeInterface(Self.interface, reference: "second")
    try device.setInterface(Self.interface, reference: "second", isEnabled: false)
    if wakes { try device.allowSystemWake(from: .d2) }
    try device.makeQueue(.parallel) { queue in
      queue.onDeviceControl { request, _ in
        let working = try device.keepWorking()
        request.complete(returning: CurrentLevel.irql.rawValue)
        _ = consume working
      }
    }
  }

  private func note(_ event: String, _ more: String = "") throws {
    journal.note(more.isEmpty ? event : event + " " + more)
    if event == fails { throw NTStatus.deviceNotReady }
  }

  private func describePlugAndPlay(_ device: inout DeviceInit) {
    device.onPrepareHardware { [self] device, resources in
      journal.note(try device.interfaceLink(Self.interface).hasPrefix(#"\??\"#) ? "link" : "none")
      try note("prepare", "\(resources)")
    }
    device.onReleaseHardware { [journal] _ in journal.note("release") }
    device.onQueryStop { [self] _ in try note("query-stop") }
    device.onQueryRemove { [self] _ in try note("query-remove") }
    device.onSurpriseRemoval { [journal] _ in journal.note("surprise") }
    device.setSelfManagedIO { work in
      work.onStart { [self] _ in try note("io-start") }
      work.onSuspend { [self] _ in try note("io-suspend") }
      work.onRestart { [self] _ in try note("io-restart") }
      work.onFlush { [journal] _ in journal.note("io-flush") }
      work.onCleanup { [journal] _ in journal.note("io-cleanup") }
    }
  }

  private func describePower(_ device: inout DeviceInit) {
    device.onD0Entry { [self] _, state in try note("entry", "\(state)") }
    device.onD0EntryPostInterruptsEnabled { [self] _, state in try note("entry-post", "\(state)") }
    device.onD0ExitPreInterruptsDisabled { [self] _, state in try note("exit-pre", "\(state)") }
    device.onD0Exit { [self] _, state in try note("exit", "\(state)") }
    device.setWake { wake in
      wake.onArmFromSx { [self] _ in try note("arm") }
      wake.onDisarmFromSx { [journal] _ in journal.note("disarm") }
      wake.onWakeFromSx { [journal] _ in journal.note("woken") }
    }
  }
}
