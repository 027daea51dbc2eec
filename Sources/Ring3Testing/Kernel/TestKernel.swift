import Ring3
import Synchronization
import Testing

/// The kernel of the running test, with the drivers that its ``KernelTrait`` has loaded.
///
/// May be used from any thread. A thread or detached task that the test itself makes does not know
/// ``current``: give it the object.
public final class TestKernel: Sendable {
  /// The kernel of the running test, or nil.
  @TaskLocal static var running: TestKernel?

  /// The kernel of the running test.
  ///
  /// - Throws: an error that says what to do, in a test without ``KernelTrait``.
  public static var current: TestKernel {
    get throws {
      guard let running else { throw NoKernel() }
      return running
    }
  }

  struct NoKernel: Error, CustomStringConvertible {
    var description: String {
      "There is no kernel here: the test, or its suite, needs the trait .driver(…) or .kernel; a detached task or thread needs the object itself."
    }
  }

  /// The kernel itself.
  public let kernel: Kernel
  let trait: KernelTrait
  /// What there was before the first driver.
  let before: Holdings
  let state = Mutex(State())

  struct State {
    var drivers: [Driver] = []
    var device: Device?
    var simulation: (any SimulatedDevice)?
    /// The process of ``TestKernel/process``.
    var process: UserProcess?
    var processes: [UserProcess] = []
    var expected: BugCheck?
    /// The lookaside lists before the drivers were unloaded.
    var lists: [LookasideUsage] = []
  }

  init(_ trait: KernelTrait) throws {
    self.trait = trait
    kernel = try Kernel(configuration: trait.configuration)
    before = Holdings(kernel)
  }

  /// The drivers, in the order in which they were loaded.
  public var drivers: [Driver] { state.withLock { $0.drivers } }

  /// The first driver.
  ///
  /// - Throws: in a test whose trait names no driver, as long as it has loaded none.
  public var driver: Driver {
    get throws {
      try #require(drivers.first, "No driver is loaded.")
    }
  }

  /// The device that the trait has added; nil without one.
  public var device: Device? { state.withLock { $0.device } }

  /// The simulated device that the trait has plugged; nil without one.
  public var simulatedDevice: (any SimulatedDevice)? { state.withLock { $0.simulation } }

  /// A bug check was expected and has come.
  func expect(_ bugCheck: BugCheck) { state.withLock { $0.expected = bugCheck } }
}
