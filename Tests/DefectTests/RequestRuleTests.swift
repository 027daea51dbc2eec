import Ring3
import TestSupport
import Testing

/// Rules on requests that the common script does not bring out, and the other ways to break some.
@Suite struct RequestRuleTests {
  /// What a driver did wrong: those that did not end the kernel first.
  private func verdicts(
    _ kernel: Kernel, _ body: () throws -> Void
  ) throws -> [BugCheck] {
    do { try body() } catch let error as KernelError where error.bugCheck != nil {}
    return kernel.verdicts + [kernel.bugCheck].compactMap(\.self)
  }

  private func expect(_ verdicts: [BugCheck], _ name: String, isRepaired: Bool) {
    #expect(verdicts.map { $0.rule?.name } == (isRepaired ? [] : [name]))
  }

  // MARK: Scripts of their own

  @Test(
    "4.3: AddDevice that leaves its device initializing is 0xC9/0x243", arguments: [false, true])
  func initializing(isRepaired: Bool) throws {
    let defect = Defect(name: "DeviceInitializing")
    let kernel = try defect.makeKernel()
    let verdicts = try verdicts(kernel) {
      let driver = try defect.load(in: kernel, isRepaired: isRepaired)
      let device = try kernel.addDevice(stack: [driver])
      try device.remove()
      try driver.unload()
    }
    expect(verdicts, defect.name, isRepaired: isRepaired)
    let maker = verdicts.first?.context.causes.first
    #expect(maker?.event == (isRepaired ? nil : "allocated"))
    #expect(maker?.frames.first?.module == (isRepaired ? nil : "DeviceInitializing.sys"))
  }

  @Test(
    "4.4: a routine of an unloaded driver that is called is 0xCE", arguments: [false, true],
    [VerifierClasses.standard, .poolTracking])
  func unloaded(isRepaired: Bool, classes: VerifierClasses) throws {
    let defect = Defect(name: "UnloadedWithOperations")
    let kernel = try defect.makeKernel { $0.verifier = classes }
    let verdicts = try verdicts(kernel) {
      try defect.load(in: kernel, isRepaired: isRepaired).unload()
      let process = try kernel.makeProcess()
      try process.end()
    }
    expect(verdicts, defect.name, isRepaired: isRepaired)
    if !isRepaired {
      #expect(verdicts.first?.code == .driverUnloadedWithPendingOperations)
      #expect(verdicts.first?.context.frames.first?.module == "UnloadedWithOperations.sys")
    }
  }

  @Test(
    "4.2: a cancelled request that its driver keeps is 0xC4/0x135", arguments: [false, true],
    [false, true])
  func cancelled(isRepaired: Bool, keepsGoing: Bool) throws {
    let defect = Defect(name: "CancelledTooLong")
    let kernel = try defect.makeKernel {
      if !isRepaired { $0.cancelSeconds = 0.05 }
      $0.keepsGoing = keepsGoing
    }
    let verdicts = try verdicts(kernel) {
      let driver = try defect.load(in: kernel, isRepaired: isRepaired)
      let process = try kernel.makeProcess()
      let file = try process.open(#"\\.\Defect"#)
      _ = try file.startControl(IoControlCode(bits: 0x22_2000))
      try process.end()
      // With the handle the driver let the request go.
      try driver.unload()
    }
    expect(verdicts, defect.name, isRepaired: isRepaired)
    if !isRepaired {
      let keeper = try #require(verdicts.first?.context.causes.first)
      #expect(keeper.event == "returned")
      #expect(keeper.frames.first?.module == "CancelledTooLong.sys")
    }
  }

  // MARK: Other ways

  /// What `Tests/Drivers/misused.c` is told to do, and what comes of it.
  struct Misuse: Sendable, CustomTestStringConvertible {
    let number: UInt32
    let testDescription: String
    let code: UInt32
    let first: UInt64
    let rule: String?

    init(_ number: UInt32, _ text: String, _ code: UInt32, _ first: UInt64, _ rule: String?) {
      self.number = number
      testDescription = text
      self.code = code
      self.first = first
      self.rule = rule
    }

    static let all = [
      Misuse(1, "a built request is released", 0xC9, 0x02, "BadIrp"),
      Misuse(2, "what is no request is sent", 0xC9, 0x03, "BadIrp"),
      Misuse(3, "a request is sent to what is no device", 0xC9, 0x04, "BadIrp"),
      Misuse(4, "an allocated request is initialized", 0xC9, 0x20D, "IoReuseIrp"),
      Misuse(5, "a built request is set up again", 0xC9, 0x311, "IoReuseIrp"),
      Misuse(
        6, "a request is sent with interrupts off", 0xC4, 0xC0, "DispatchDisabledInterrupts"),
      Misuse(7, "a remove lock is awaited with another tag", 0xC4, 0xD6, "RemoveLockTag"),
      Misuse(8, "a remove lock is initialized twice", 0xC4, 0xD7, "RemoveLockTag"),
      Misuse(9, "a remove lock is released twice", 0xC4, 0xD5, "RemoveLockTag"),
      Misuse(10, "remove locks are used as they should be", 0, 0, nil),
      Misuse(11, "a timer of ExAllocateTimer is left", 0xC7, 2, "TimerLeft"),
      Misuse(12, "a timer of ExAllocateTimer is deleted", 0, 0, nil),
    ]
  }

  @Test("4.2, 4.3: each code of a rule is found", arguments: Misuse.all)
  func misused(misuse: Misuse) throws {
    var configuration = Configuration()
    configuration.verifier = .standard
    let kernel = try Kernel(configuration: configuration)
    let verdicts = try verdicts(kernel) {
      let driver = try kernel.load(path: TestDrivers.build("Tests/Drivers/misused.c", defines: []))
      let process = try kernel.makeProcess()
      let file = try process.open(#"\\.\Defect"#)
      _ = try file.deviceControl(
        IoControlCode(bits: 0x22_2000 + 4 * misuse.number), inputAt: 0, inputCount: 0,
        outputAt: 0, outputCount: 0)
      try file.close()
      try process.end()
      try driver.unload()
    }
    #expect(verdicts.map { $0.rule?.name } == [misuse.rule].compactMap(\.self))
    if let verdict = verdicts.first, misuse.rule != nil {
      #expect(verdict.code == BugCheckCode(misuse.code))
      #expect(verdict.parameters[0] == misuse.first)
      #expect(!verdict.context.frames.isEmpty || !verdict.context.causes.isEmpty)
    }
  }

  @Test(
    "4.3: what is found after a dispatch routine returned names the routine",
    arguments: [
      "MarkIrpPending", "StatusDiffers", "PendedWithoutMark", "IrpNeitherCompletedNorPending",
      "DispatchChangedLevel", "DispatchChangedApcs", "DispatchDisabledInterrupts",
    ])
  func returned(name: String) throws {
    let defect = Defect(name: name)
    let verdict = try #require(try defect.run(isRepaired: false).first)
    let cause = try #require(verdict.context.causes.first { $0.event == "returned" })
    #expect(cause.frames.first?.module == name + ".sys")
  }

  @Test(
    "4.2: what is found after a completion or cancel routine returned names the routine",
    arguments: [
      "CompletionChangedLevel", "CompletionChangedApcs", "PendingNotPropagated", "CancelLockHeld",
    ])
  func completed(name: String) throws {
    let defect = Defect(name: name)
    let verdict = try #require(try defect.run(isRepaired: false).first)
    #expect(verdict.context.causes.map(\.event) == ["returned"])
    let frame = try #require(verdict.context.causes.first?.frames.first)
    #expect(verdict.parameters[1] == frame.address - 1)
  }

  @Test(
    "4.1, 4.5: what is left at unload is named with who made it",
    arguments: [("WdfObjectLeft", "allocated"), ("LookasideListLeft", "initialized")])
  func left(name: String, event: String) throws {
    let verdict = try #require(try Defect(name: name).run(isRepaired: false).first)
    #expect(verdict.context.causes.map(\.event) == [event])
    // One routine: the driver object, which the object keeps alive, has the framework's entry above it.
    #expect(verdict.context.causes.first?.frames.map(\.module) == [name + ".sys"])
  }

  @Test(
    "4.1, 4.3, 4.4: who made what is left at unload is named",
    arguments: [
      ("ThreadLeft", ["created", "awaited"]), ("DpcLeft", ["queued"]),
      ("ContiguousMemoryLeft", ["allocated"]), ("IoSpaceLeft", ["allocated"]),
      ("AllocatedTimerLeft", ["allocated"]),
    ])
  func leftBehind(name: String, events: [String]) throws {
    let verdict = try #require(try Defect(name: name).run(isRepaired: false).first)
    #expect(verdict.context.causes.map(\.event) == events)
    for cause in verdict.context.causes {
      #expect(cause.frames.first?.module == name + ".sys")
    }
  }

  @Test("4.4: a thread that sets an event and ends gets the time for its end")
  func signalled() throws {
    let defect = Defect(name: "ThreadLeft")
    let kernel = try defect.makeKernel()
    let path = try TestDrivers.build(
      Defect.folder + "ThreadLeft.c", defines: ["SIGNALLED"], isSanitized: false)
    let verdicts = try verdicts(kernel) { try kernel.load(path: path).unload() }
    #expect(verdicts.isEmpty)
  }

  @Test("4.1: objects that are left at unload are named", arguments: [false, true])
  func namedObject(keepsGoing: Bool) throws {
    var configuration = Configuration()
    configuration.verifier = .standard
    configuration.keepsGoing = keepsGoing
    let kernel = try Kernel(configuration: configuration)
    let path = try TestDrivers.build("Tests/Drivers/objectsleft.c", defines: [])
    let verdicts = try verdicts(kernel) { try kernel.load(path: path).unload() }
    let subjects = verdicts.compactMap(\.context.subject)
    let all = [
      #"device \Device\Left, left by objectsleft.sys"#,
      #"symbolic link \GLOBAL??\Left, left by objectsleft.sys"#,
      #"registry key \REGISTRY\MACHINE\SYSTEM, an open handle, left by objectsleft.sys"#,
    ]
    #expect(verdicts.allSatisfy { $0.rule?.name == "PoolLeft" })
    if keepsGoing {
      #expect(Set(subjects) == Set(all))
    } else {
      #expect(subjects.count == 1 && all.contains(subjects[0]))
    }
  }

  @Test("4.3: a device that is deleted twice is named with who deleted it first")
  func deletedTwice() throws {
    let verdict = try #require(
      try Defect(name: "DeviceDeletedTwice").run(isRepaired: false).first)
    #expect(verdict.context.causes.map(\.event) == ["deleted"])
  }
}
