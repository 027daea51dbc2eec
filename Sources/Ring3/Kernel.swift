import CDriverKit
import CRing3
import Dispatch
import Framework
import Hardware
import IOManager
import Image
import Machine
import Memory
import NTTypes
import Objects
import PlugAndPlay
import Rtl
import SwiftDrivers
import Synchronization
import SystemServices

/// How a ``Kernel`` is made.
public typealias Configuration = MachineConfiguration

/// One simulated Windows machine, in which drivers are loaded and used.
///
/// Several live side by side in one process and share nothing. A kernel that bug-checked is
/// finished: every later call on it throws the same `BugCheck`.
///
///     let kernel = try Kernel()
///     let driver = try kernel.load(path: "echo.sys")
///     let file = try kernel.makeProcess().open(#"\\.\Echo"#)
///
/// May be used from any thread. Its memory is given back when the last reference to it, its
/// processes, files and drivers goes.
public final class Kernel: @unchecked Sendable {
  package let machine: Machine
  let pending = PendingRequests()
  /// The drivers that were loaded, the oldest first; some may be unloaded by now.
  let programs = Mutex<[DriverProgram]>([])

  /// Makes a machine with nothing loaded.
  ///
  /// - Throws: `MachineError` when the host refuses the memory, `RegistryError` when
  ///   `registryText` of the configuration cannot be read.
  public init(configuration: Configuration = Configuration()) throws {
    machine = try Machine.make(configuration)
    // From here on an error runs `deinit`, which ends the machine.
    try Memory.install(in: machine)
    Runtime.install(in: machine)
    ObjectManager.install(in: machine)
    IOManager.install(in: machine, invalidRequest: Images.invalidRequestRoutine)
    Hardware.install(in: machine)
    Images.install(in: machine)
    machine.exceptions.pointee.swiftEntries = swiftDriverEntries
    try SystemServices.install(in: machine)
    PlugAndPlay.install(in: machine)
    try Framework.install(in: machine)
    machine.state.pointee.hooks.ended = { [machine, pending] in
      let report = machine.report(images: Images.known(in: machine))
      let requests = pending.list
      pending.endAll(.bugCheck(report ?? BugCheck(BugCheckCode(0xE2))))
      // With the last of them the kernel may go, which waits for the thread that runs here.
      DispatchQueue.global().async { withExtendedLifetime(requests) {} }
    }
  }

  deinit {
    if pending.count > 0 { pending.endAll(halted()) }
    // A thread that is inside, such as one that completes the last request, cannot wait for itself.
    if let thread = r3_current(), thread.pointee.hostStack != 0,
      UnsafeRawPointer(thread.pointee.machine) == UnsafeRawPointer(machine.state)
    {
      DispatchQueue.global().async { [machine] in machine.destroy() }
    } else {
      machine.destroy()
    }
  }

  /// The bug check that ended this kernel; nil while it runs.
  public var bugCheck: BugCheck? { machine.report(images: Images.known(in: machine)) }

  /// Runs `body` in the kernel, in the system process.
  func inSystem<R>(_ body: () -> R) throws(KernelError) -> R {
    do {
      return try machine.inside(machine.systemProcess, body)
    } catch {
      throw halted()
    }
  }

  /// The error that every call gives once the machine has ended.
  func halted() -> KernelError {
    .bugCheck(bugCheck ?? BugCheck(BugCheckCode(0xE2)))
  }
}

/// Why a call into a kernel failed.
public enum KernelError: Error, Sendable, CustomStringConvertible {
  /// The system or a driver answered with an error status.
  case status(NTStatus)
  /// The machine has bug-checked and is finished.
  case bugCheck(BugCheck)

  /// The status, when the failure is one.
  public var status: NTStatus? {
    if case .status(let status) = self { status } else { nil }
  }

  /// The bug check, when the failure is one.
  public var bugCheck: BugCheck? {
    if case .bugCheck(let bugCheck) = self { bugCheck } else { nil }
  }

  /// The status or the bug check in one line.
  public var description: String {
    switch self {
    case .status(let status): status.description
    case .bugCheck(let bugCheck): bugCheck.description
    }
  }
}
