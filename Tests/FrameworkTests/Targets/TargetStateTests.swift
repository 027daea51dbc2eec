import IOManager
import Machine
import Ring3
import Testing

/// TGT-30 to TGT-38: states of targets, and how they are opened and closed.
@Suite struct TargetStateTests {
  private let removedNotSent = NTStatus(bits: 0xC020_0206)

  /// Requests `slots`, formatted for target 0.
  private func prepare(_ bench: TargetBench, _ slots: Range<Int>) throws {
    try bench.memory(0, pattern(64))
    for slot in slots {
      try bench.request(slot)
      #expect(try bench.formatRead(slot, 0, at: slot) == .success)
    }
  }

  @Test("TGT-30: the states have their numbers")
  func states() throws {
    let bench = try TargetBench()
    try bench.call(.targetCreate, 0)
    #expect(try bench.state() == 4)
    #expect(try bench.openByName(0, #"\Device\Bench"#) == .success)
    #expect(try bench.state() == 1)
    try bench.call(.targetStop, 0, 3)
    #expect(try bench.state() == 2)
    try bench.call(.targetPurge, 0, 2)
    #expect(try bench.state() == 6)
    #expect(try bench.call(.targetStart, 0) == .success)
    #expect(try bench.state() == 1)
    try bench.call(.targetCloseForQuery, 0)
    #expect(try bench.state() == 3)
    #expect(try bench.call(.targetReopen, 0) == .success)
    #expect(try bench.state() == 1)
    try bench.call(.targetClose, 0)
    #expect(try bench.state() == 4)
  }

  @Test("TGT-31: a stopped target keeps requests and sends them in order when it is started")
  func stopped() throws {
    let bench = try TargetBench(opening: "Bench")
    try prepare(bench, 1..<4)
    try bench.plan()
    try bench.call(.targetStop, 0, 3)
    for slot in 1..<4 { #expect(try bench.send(slot).wasSent) }
    #expect(try bench.seen.count == 0)
    #expect(try bench.call(.targetStart, 0) == .success)
    #expect(try bench.completions.map(\.slot) == [1, 2, 3])
    #expect(try bench.seen.count == 3)
    #expect(try bench.seen.offset == 3)
  }

  @Test("TGT-31: a request that waits for a stopped target is cancelable")
  func cancelWaiting() throws {
    let bench = try TargetBench(opening: "Bench")
    try prepare(bench, 1..<3)
    try bench.call(.targetStop, 0, 3)
    try bench.send(1)
    try bench.send(2)
    #expect(try bench.ask(.cancelSent, 1)[0] == 1)
    var completions = try bench.completions
    #expect(completions.map(\.slot) == [1] && completions.map(\.status) == [.cancelled])
    try bench.call(.targetStart, 0)
    completions = try bench.completions
    #expect(completions.map(\.slot) == [2] && completions.map(\.status) == [.success])
  }

  @Test("TGT-32: stopping cancels sent requests, and returns when none is left")
  func stopAndCancel() throws {
    let bench = try TargetBench(opening: "Bench")
    try prepare(bench, 1..<4)
    try bench.plan(.keep, cancelable: true)
    for slot in 1..<4 { try bench.send(slot) }
    try bench.call(.targetStop, 0, 1)
    let completions = try bench.completions
    #expect(completions.map(\.slot) == [1, 2, 3])
    #expect(completions.map(\.status) == [.cancelled, .cancelled, .cancelled])
  }

  @Test("TGT-32: stopping may leave sent requests pending")
  func stopAndLeave() throws {
    let bench = try TargetBench(opening: "Bench")
    try prepare(bench, 1..<2)
    try bench.plan(.keep, cancelable: true)
    try bench.send(1)
    try bench.call(.targetStop, 0, 3)
    #expect(try bench.completions.isEmpty)
    try bench.finish()
    #expect(try bench.completions.map(\.status) == [.success])
  }

  @Test("TGT-32: stopping may wait for sent requests")
  func stopAndWait() throws {
    let bench = try TargetBench(opening: "Bench")
    try prepare(bench, 1..<2)
    try bench.plan(.keep, cancelable: true)
    try bench.send(1)
    let stop = WaitingCall(bench, .targetStop, [0, 2])
    while try bench.state() == 1 {}
    #expect(!stop.isFinished)
    try bench.finish(information: 4)
    #expect(bench.status(stop.wait()) == .success)
    #expect(try bench.completions.map(\.status) == [.success])
  }

  @Test("TGT-33: a purged or closed target takes nothing")
  func refuses() throws {
    let bench = try TargetBench(opening: "Bench")
    try prepare(bench, 1..<2)
    try bench.call(.targetPurge, 0, 1)
    var answer = try bench.send(1)
    #expect(!answer.wasSent && answer.status == NTStatus(bits: 0xC000_0184))
    try bench.call(.targetStart, 0)
    try bench.call(.targetClose, 0)
    answer = try bench.send(1)
    #expect(!answer.wasSent && answer.status == NTStatus(bits: 0xC000_0184))
    #expect(try bench.completions.isEmpty)
    #expect(try bench.seen.count == 0)
  }

  @Test("TGT-34: IGNORE_TARGET_STATE sends to a stopped and a purged target, not to a closed one")
  func ignoresState() throws {
    let bench = try TargetBench(opening: "Bench")
    try prepare(bench, 1..<4)
    try bench.plan()
    try bench.call(.targetStop, 0, 3)
    #expect(try bench.send(1, flags: 4).wasSent)
    #expect(try bench.seen.count == 1)
    try bench.call(.targetPurge, 0, 2)
    #expect(try bench.send(2, flags: 4).wasSent)
    #expect(try bench.seen.count == 2)
    try bench.call(.targetClose, 0)
    #expect(try !bench.send(3, flags: 4).wasSent)
    #expect(try bench.completions.map(\.slot) == [1, 2])
  }

  @Test("TGT-35: purging completes what waits as never sent, and cancels what was sent")
  func purge() throws {
    for action in [1, 2] {
      let bench = try TargetBench(opening: "Bench")
      try prepare(bench, 1..<4)
      try bench.plan(.keep, cancelable: true)
      try bench.send(1)
      try bench.call(.targetStop, 0, 3)
      try bench.send(2)
      try bench.send(3)
      try bench.call(.targetPurge, 0, action)
      let completions = try bench.completions
      #expect(completions.map(\.slot) == [2, 3, 1])
      #expect(completions.map(\.status) == [removedNotSent, removedNotSent, .cancelled])
      #expect(try bench.call(.targetStart, 0) == .success)
      #expect(try bench.state() == 1)
    }
  }

  @Test("TGT-35: purging without waiting leaves a request that nobody cancels")
  func purgeWithoutWaiting() throws {
    let bench = try TargetBench(opening: "Bench")
    try prepare(bench, 1..<2)
    try bench.plan(.keep)
    try bench.send(1)
    try bench.call(.targetPurge, 0, 2)
    #expect(try bench.completions.isEmpty)
    try bench.finish()
    #expect(try bench.completions.map(\.slot) == [1])
  }

  @Test("TGT-36: a closed target is not started")
  func startClosed() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.call(.targetClose, 0)
    #expect(try bench.call(.targetStart, 0).bits == 0xC000_0184)
  }

  @Test("TGT-37: the end of a device cancels what is pending; completion routines come first")
  func deviceRemoval() throws {
    let bench = try TargetBench()
    #expect(try bench.call(.deviceMake) == .success)
    #expect(try bench.call(.targetCreate, 0, 0, 1) == .success)
    try bench.openByName(0, #"\Device\Bench"#)
    try prepare(bench, 1..<6)
    try bench.plan(.keep, cancelable: true)
    for slot in 1..<6 { try bench.send(slot) }
    try bench.call(.deviceDelete)
    let log = try bench.log.filter { ![.irql, .params].contains($0.event) }
    #expect(log.first(5).map(\.event) == [TargetBench.Event](repeating: .completed, count: 5))
    #expect(log.first(5).allSatisfy { $0.status == .cancelled })
    #expect(log.suffix(2).map(\.event) == [.targetCleanup, .targetDestroy])
  }

  @Test("TGT-38: a control device has no target below")
  func controlDevice() throws {
    let bench = try TargetBench()
    #expect(try bench.ask(.targetLocal, 0, 1)[0] == 0)
    #expect(try bench.ask(.targetSelf, 0, 1)[0] == 0)
  }

  @Test("TGT-38, OBJ-03: the parent of a target is its device, or something of it")
  func parent() throws {
    let bench = try TargetBench()
    #expect(try bench.call(.targetCreate, 0, 1) == .invalidDeviceRequest)
    #expect(try bench.call(.targetCreate, 0) == .success)
    #expect(try bench.ask(.targetInfo, 0, 1)[4] == 1)
  }

  // MARK: Opening

  @Test("A target that is opened by name has a device, a file and a handle")
  func byName() throws {
    let bench = try TargetBench()
    try bench.call(.targetCreate, 0)
    #expect(try bench.openByName(0, #"\Device\Nowhere"#).isError)
    #expect(try bench.state() == 4)
    #expect(try bench.openByName(0, #"\Device\Bench"#) == .success)
    let files = bench.kernel.ioFigures.files
    let info = try bench.ask(.targetInfo, 0, 1)
    #expect(info[0] != 0 && info[1] == 0 && info[2] != 0 && info[3] >> 32 == 0xFFFF_FFFF)
    // An open target is not opened.
    #expect(try bench.openByName(0, #"\Device\Bench"#).bits == 0xC000_0184)
    try bench.call(.targetClose, 0)
    #expect(bench.kernel.ioFigures.files == files - 1)
    #expect(try bench.ask(.targetInfo, 0, 1).first(4) == [0, 0, 0, 0])
    #expect(try bench.openByName(0, #"\Device\Bench"#) == .success)
    try bench.call(.targetDelete, 0)
    #expect(bench.kernel.ioFigures.files == files - 1)
    #expect(try bench.log.map(\.event) == [.targetCleanup, .targetDestroy])
  }

  @Test("A target that is opened over an existing device uses it, and holds the file")
  func existing() throws {
    let bench = try TargetBench(opening: "Bench")
    try bench.call(.targetCreate, 1)
    #expect(try bench.call(.targetOpenExisting, 1, TargetBench.none, 0) == .invalidParameter)
    // Nobody tells of the end of a device without a file.
    #expect(try bench.call(.targetOpenExisting, 1, 0, 2) == .invalidParameter)
    #expect(try bench.call(.targetOpenExisting, 1, 0, 1) == .success)
    let first = try bench.ask(.targetInfo, 0, 1)
    let second = try bench.ask(.targetInfo, 1, 1)
    #expect(first[0] == second[0] && first[2] == second[2] && second[3] == 0)
    try bench.memory(0, pattern(16))
    try bench.call(.requestCreate, 0, 1)
    try bench.plan()
    #expect(try bench.call(.formatTransfer, 0, 1, 1, 0, -1, 0, -1) == .success)
    #expect(try bench.send(0, to: 1).wasSent)
    #expect(try bench.seen.bytes.first(16) == pattern(16))
    // Only what was opened by name is opened again.
    try bench.call(.targetClose, 1)
    #expect(try bench.call(.targetReopen, 1) == .invalidDeviceRequest)
  }

  @Test("Opening by file, of no type, or with a wrong structure is refused")
  func openTypes() throws {
    let bench = try TargetBench()
    try bench.call(.targetCreate, 0)
    for type in [0, 4, 5] {
      #expect(try bench.call(.targetOpenType, 0, type) == .invalidParameter)
    }
    #expect(try bench.openByName(0, #"\Device\Bench"#, size: 24) == .infoLengthMismatch)
    // The structure of versions before 1.13.
    let size = 0x78
    #expect(try bench.openByName(0, #"\Device\Bench"#, size: size) == .success)
  }

  @Test("An object that is no target is bug check 0x10D")
  func wrongHandle() throws {
    let bench = try TargetBench()
    try expectViolation(4) { try bench.call(.targetStart, 5) }
  }
}
