import Foundation
import Ring3
import TestSupport
import Testing

/// Devices that go to sleep when they have nothing to do, while the system works.
@Suite("Idle power-down of framework devices") struct IdleTests {
  /// A device that is to go down after a second, of one of the kinds of `Tests/Drivers/wdf-pnp-idle.c`.
  private struct Bench {
    static let canWake = 1
    static let powersUpOnSystemWake = 2
    static let failsToArm = 4
    static let wakesSystem = 8
    static let shortTime = 16

    /// What a read of so many bytes does.
    enum Read: Int {
      case stopIdle = 4, stopIdleAndWait, resumeIdle, watch, disable, enable, wrongState
    }

    let stage: PnpStage
    let device: Device
    let file: File

    init(_ kind: Int = 0, stopsClock: Bool = true) throws {
      stage = try PnpStage(failures: ["idle": kind], stopsClock: stopsClock)
      device = try stage.kernel.addDevice(stack: [stage.load("idle")])
      file = try stage.open(PnpStage.function)
      _ = stage.said()
    }

    /// Does something, and waits for the device to change its power.
    func changesPower(_ body: () throws -> Void) throws {
      let buffer = try #require(UserBuffer(stage.process, count: 16))
      let watch = try file.startRead(into: buffer, count: Read.watch.rawValue)
      try body()
      #expect(try watch.wait(seconds: 10)?.status == .success)
    }

    func goDown() throws {
      try changesPower { try stage.advance(milliseconds: 1000) }
      _ = stage.said()
    }

    /// Waits until the device is back, and its time begins anew.
    func settle() throws {
      let statuses = [try read(.stopIdleAndWait), try read(.resumeIdle)]
      #expect(statuses == [0, 0])
    }

    /// The status that a call of the driver gives.
    func read(_ what: Read) throws -> UInt32 {
      words32(try file.read(count: what.rawValue)).first ?? .max
    }

    func ping() throws { try stage.send(.ping, to: file) }
    func start(_ code: PnpStage.Code) throws -> PendingRequest {
      try file.startControl(code.code, input: nil, output: nil)
    }
  }

  @Test("A device without requests goes to D3 when its time is up, not before")
  func goingDown() throws {
    let bench = try Bench()
    try bench.changesPower {
      try bench.stage.advance(milliseconds: 999)
      #expect(bench.stage.said() == [])
      try bench.stage.advance(milliseconds: 1)
    }
    #expect(bench.stage.said() == ["d0-exit 4"])
  }

  @Test("A request that comes then brings the device back, and is presented in D0")
  func request() throws {
    let bench = try Bench()
    try bench.goDown()
    try bench.ping()
    #expect(bench.stage.said() == ["d0-entry 4", "ping"])
    // The time begins anew.
    try bench.settle()
    try bench.changesPower { try bench.stage.advance(milliseconds: 1000) }
    #expect(bench.stage.said() == ["d0-exit 4"])
  }

  @Test("A request in a power-managed queue keeps the device in D0, however long")
  func busy() throws {
    let bench = try Bench()
    let pending = try bench.start(.pend)
    try bench.stage.advance(milliseconds: 60_000)
    try bench.stage.advance(milliseconds: 60_000)
    #expect(bench.stage.said() == [])
    try bench.stage.send(.fail, to: bench.file)
    #expect(try pending.wait(seconds: 10)?.status == .success)
    #expect(bench.device.power == .d0)
    try bench.changesPower { try bench.stage.advance(milliseconds: 1000) }
    #expect(bench.stage.said() == ["d0-exit 4"])
  }

  @Test("A request that is cancelled keeps the device no longer")
  func cancelled() throws {
    let bench = try Bench()
    let pending = try bench.start(.pend)
    try bench.stage.advance(milliseconds: 5000)
    pending.cancel()
    #expect(try pending.wait(seconds: 10)?.status.name == "STATUS_CANCELLED")
    try bench.changesPower { try bench.stage.advance(milliseconds: 1000) }
    #expect(bench.stage.said() == ["d0-exit 4"])
  }

  @Test("WdfDeviceStopIdle keeps the device in D0 until as many calls of WdfDeviceResumeIdle")
  func stopIdle() throws {
    let bench = try Bench()
    #expect(try bench.read(.stopIdle) == 0)
    #expect(try bench.read(.stopIdleAndWait) == 0)
    #expect(try bench.read(.resumeIdle) == 0)
    try bench.stage.advance(milliseconds: 60_000)
    #expect(bench.stage.said() == [])
    #expect(try bench.read(.resumeIdle) == 0)
    try bench.changesPower { try bench.stage.advance(milliseconds: 1000) }
    #expect(bench.stage.said() == ["d0-exit 4"])
  }

  @Test("WdfDeviceStopIdle brings a device back: it waits for D0, or says that it is on its way")
  func stopIdleFromSleep() throws {
    let bench = try Bench()
    try bench.goDown()
    #expect(try bench.read(.stopIdleAndWait) == 0)
    #expect(bench.stage.said() == ["d0-entry 4"])
    #expect(try bench.read(.resumeIdle) == 0)
    try bench.goDown()
    try bench.changesPower {
      let status = try bench.read(.stopIdle)
      #expect(status == 0x103)
    }
    #expect(bench.stage.said() == ["d0-entry 4"])
  }

  @Test("A device that wakes itself is armed before it goes, and its signal brings it back")
  func signal() throws {
    let bench = try Bench(Bench.canWake)
    try bench.changesPower { try bench.stage.advance(milliseconds: 1000) }
    #expect(bench.stage.said() == ["arm-s0", "d0-exit 3"])
    try bench.changesPower {
      let isAwaited = try bench.device.signalWake()
      #expect(isAwaited)
    }
    #expect(bench.stage.said() == ["d0-entry 3", "woken-s0", "disarm-s0"])
    // And goes again when nobody needs it.
    try bench.settle()
    try bench.changesPower { try bench.stage.advance(milliseconds: 1000) }
    #expect(bench.stage.said() == ["arm-s0", "d0-exit 3"])
  }

  @Test("A request brings a device that is armed back as well: it is only disarmed")
  func armedRequest() throws {
    let bench = try Bench(Bench.canWake)
    try bench.goDown()
    try bench.ping()
    #expect(bench.stage.said() == ["d0-entry 3", "disarm-s0", "ping"])
  }

  @Test("A device that cannot be armed goes down and comes back at once")
  func unarmed() throws {
    let bench = try Bench(Bench.canWake | Bench.failsToArm)
    try bench.changesPower { try bench.stage.advance(milliseconds: 1000) }
    // It is on its way to D0 already.
    #expect(try bench.read(.stopIdleAndWait) == 0)
    #expect(bench.stage.said() == ["arm-s0", "d0-exit 3", "d0-entry 3"])
  }

  @Test("A device that is down sleeps on with the system, and after it until it is needed")
  func systemSleep() throws {
    let bench = try Bench()
    try bench.goDown()
    try bench.stage.kernel.sleep(.s3)
    try bench.stage.kernel.wake()
    #expect(bench.stage.said() == [])
    try bench.ping()
    #expect(bench.stage.said() == ["d0-entry 4", "ping"])
  }

  @Test(
    "A device that went down with the system stays so until it is needed, unless it says otherwise")
  func systemWake() throws {
    let bench = try Bench()
    try bench.stage.kernel.sleep(.s3)
    try bench.stage.kernel.wake()
    #expect(bench.stage.said() == ["d0-exit 4"])
    let other = try Bench(Bench.powersUpOnSystemWake)
    try other.stage.kernel.sleep(.s3)
    try other.stage.kernel.wake()
    #expect(other.stage.said() == ["d0-exit 4", "d0-entry 4"])
  }

  @Test("A request that came while the system slept is served when it wakes")
  func requestWhileAsleep() throws {
    let bench = try Bench()
    try bench.goDown()
    try bench.stage.kernel.sleep(.s3)
    let pending = try bench.start(.ping)
    #expect(bench.stage.said() == [])
    try bench.stage.kernel.wake()
    #expect(try pending.wait(seconds: 10)?.status == .success)
    #expect(bench.stage.said() == ["d0-entry 4", "ping"])
  }

  @Test(
    "A device that is armed to wake itself comes up to be armed for the system, or not armed at all"
  )
  func armedSleep() throws {
    let bench = try Bench(Bench.canWake)
    try bench.goDown()
    try bench.stage.kernel.sleep(.s3)
    #expect(bench.stage.said() == ["d0-entry 3", "disarm-s0", "d0-exit 4"])
    try bench.stage.kernel.wake()
    #expect(bench.stage.said() == ["d0-entry 4"])
    let other = try Bench(Bench.wakesSystem)
    try other.goDown()
    try other.stage.kernel.sleep(.s3)
    #expect(other.stage.said() == ["d0-entry 4", "arm-sx", "d0-exit 4"])
    try other.stage.kernel.wake()
    #expect(other.stage.said() == ["d0-entry 4", "disarm-sx"])
  }

  @Test("A device that is down is removed as it is", arguments: [0, 1])
  func removal(kind: Int) throws {
    let bench = try Bench(kind)
    try bench.goDown()
    try bench.file.close()
    try bench.device.remove()
    #expect(bench.stage.said() == (kind == 1 ? ["disarm-s0"] : []))
    #expect(bench.stage.isEmpty)
  }

  @Test("A device whose time runs is removed by surprise")
  func surprise() throws {
    let bench = try Bench()
    try bench.stage.advance(milliseconds: 500)
    try bench.file.close()
    try bench.device.surpriseRemove()
    try bench.stage.kernel.settleDevices()
    try bench.stage.advance(milliseconds: 5000)
    #expect(bench.stage.said() == ["d0-exit 5"])
    #expect(bench.stage.isEmpty)
  }

  @Test("A driver turns idling off and on: a device that is down comes back")
  func settings() throws {
    let bench = try Bench()
    #expect(try bench.read(.disable) == 0)
    try bench.stage.advance(milliseconds: 60_000)
    #expect(bench.stage.said() == [])
    #expect(try bench.read(.enable) == 0)
    try bench.goDown()
    try bench.changesPower {
      let status = try bench.read(.disable)
      #expect(status == 0)
    }
    #expect(bench.stage.said() == ["d0-entry 4"])
    try bench.stage.advance(milliseconds: 60_000)
    #expect(bench.stage.said() == [])
  }

  @Test("What the driver set is in the report of its objects")
  func report() throws {
    let bench = try Bench(Bench.canWake | Bench.wakesSystem)
    let devices = bench.stage.kernel.frameworkObjects.flatMap(\.all).filter {
      $0.type == "WDFDEVICE"
    }
    #expect(
      devices.flatMap(\.settings).sorted() == [
        "idle: the deepest state after 1000 ms, wakes itself", "wake: the deepest state",
      ])
  }

  @Test("A device that wakes itself cannot go deeper than it wakes from")
  func tooDeep() throws {
    let bench = try Bench(Bench.canWake)
    #expect(try bench.read(.wrongState) == 0xC000_02D3)
  }

  @Test("No request is lost between a device that goes down all the time and two threads")
  func racing() throws {
    let bench = try Bench(Bench.shortTime, stopsClock: false)
    let files = [bench.file, try bench.stage.open(PnpStage.function)]
    let group = DispatchGroup()
    let failed = FailureCount()
    for file in files {
      group.enter()
      Thread {
        for round in 0..<150 {
          do {
            _ = try file.deviceControl(PnpStage.Code.ping.code)
            // Now and then it has the time to go.
            if round % 3 == 0 { _ = try file.read(count: 7) }
          } catch { failed.add() }
        }
        group.leave()
      }.start()
    }
    #expect(group.wait(timeout: .now() + 60) == .success)
    #expect(failed.count == 0)
    for file in files { try file.close() }
    try bench.device.remove()
    #expect(bench.stage.isEmpty)
  }
}
