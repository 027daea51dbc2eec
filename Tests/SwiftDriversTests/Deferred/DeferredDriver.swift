import Glibc
import Ring3

/// A Plug and Play device with timers, a work item, a DPC and a thread.
final class DeferredDriver: SwiftDriver {
  static let isPlugAndPlay = true
  static let interface = GUID("5a2d4a3e-1f6b-4d0c-9a8e-35c1c1f0a002") ?? GUID(bytes: [])!

  /// What the device is asked to do; the input is a number.
  enum Order: UInt16, CaseIterable {
    case startOnce = 0x800, startPassive, startPeriodic, stopPeriodic, refusals
    case work, dpc, cancelDpc, watch, wakeWatcher, stopWatcher, crash

    var code: IoControlCode {
      IoControlCode(deviceType: .unknown, function: rawValue, method: .buffered)
    }
  }

  private let journal: Journal

  init(_ driver: DriverObject) throws { journal = try Journal(driver) }

  func add(_ device: consuming DeviceInit) throws {
    let journal = journal
    let device = try device.makeDevice()
    try device.makeInterface(Self.interface)
    let once = try DriverTimer(parent: device) { _ in journal.note("once \(CurrentLevel.irql)") }
    let passive = try DriverTimer(parent: device, level: .passive) { timer in
      journal.note("passive \(CurrentLevel.irql)")
    }
    let periodic = try DriverTimer(parent: device, every: .milliseconds(10)) { _ in
      journal.note("tick")
    }
    let work = try DriverWorkItem(parent: device) { _ in journal.note("work \(CurrentLevel.irql)") }
    let dpc = try DriverDPC(parent: device) { _ in journal.note("dpc \(CurrentLevel.irql)") }
    let watcher = SpinLocked<SystemThread?>(nil)
    try device.makeQueue(.parallel) { queue in
      queue.onDeviceControl { request, code in
        guard let order = Order(rawValue: code.function) else {
          throw NTStatus.invalidDeviceRequest
        }
        let number = request.inputLength >= 4 ? try request.readInput(UInt32.self) : 0
        var answer = 0 as UInt32
        switch order {
        case .startOnce: answer = once.start(after: .milliseconds(Int(number))) ? 1 : 0
        case .startPassive:
          passive.start(after: .milliseconds(Int(number)))
        case .startPeriodic: periodic.start(after: .milliseconds(Int(number)))
        case .stopPeriodic: answer = periodic.stopAndWait() ? 1 : 0
        case .refusals: answer = Self.refusals(device)
        case .work:
          work.enqueue()
          work.flush()
        case .dpc: answer = dpc.enqueue() ? 1 : 0
        case .cancelDpc: answer = dpc.cancelAndWait() ? 1 : 0
        case .watch:
          watcher.store(try Self.watch(Int32(number), device, journal))
        case .wakeWatcher: watcher.withLock { $0?.wake() }
        case .stopWatcher: watcher.exchange(nil)?.stop()
        case .crash: _ = UnsafePointer<Int>(bitPattern: 8)?.pointee
        }
        request.complete(returning: answer)
      }
    }
  }

  /// How many of the calls are refused that have to be.
  private static func refusals(_ device: DeviceObject) -> UInt32 {
    var count = 0 as UInt32
    for period in [Duration.zero, .milliseconds(-5), .seconds(1 << 32)] {
      do throws(NTStatus) {
        _ = try DriverTimer(parent: device, every: period) { _ in }
      } catch .invalidParameter { count += 1 } catch {}
    }
    do throws(NTStatus) {
      _ = try DriverTimer(parent: device.driver) { _ in }
    } catch .invalidDeviceRequest { count += 1 } catch {}
    return count
  }

  private static func watch(_ descriptor: Int32, _ device: DeviceObject, _ journal: Journal) throws
    -> SystemThread
  {
    try SystemThread(parent: device) { thread in
      journal.note("begins \(CurrentLevel.irql)")
      while !thread.isStopping {
        guard thread.wait(for: descriptor, .readable).contains(.readable) else {
          journal.note(thread.isStopping ? "stops" : "woken")
          continue
        }
        var byte: UInt8 = 0
        guard read(descriptor, &byte, 1) == 1 else { return journal.note("end") }
        journal.note("byte \(byte)")
      }
      close(descriptor)
    }
  }
}
