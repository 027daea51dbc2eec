import Ring3
import Testing

/// Gives each test a kernel of its own, and fails the test when its drivers leave something behind.
///
///     @Suite(.driver("echo.sys")) struct EchoTests {
///       @Test func `what is written is read back`() throws {
///         let file = try TestKernel.current.open(#"\\.\Echo"#)
///         try file.write("hello")
///         expectBytes(try file.read(count: 100), equal: "hello".utf8)
///       }
///     }
///
/// Before the test the drivers are built where they are sources, loaded, and given their device.
/// After it, files are closed, devices removed and drivers unloaded; what is left then - requests,
/// pool, objects of the driver framework, IRPs, MDLs, objects with handles - is an issue of the
/// test, and so is a bug check that no ``expectBugCheck(_:parameter1:_:sourceLocation:_:)`` expected.
///
/// Every case of a test has its own kernel; tests run at the same time. Of several traits, a suite's
/// and a test's, the nearest to the test counts.
public struct KernelTrait: TestTrait, SuiteTrait {
  /// The drivers, in the order in which they are loaded.
  let drivers: [DriverFile]
  let device: TestDevice
  let configuration: Configuration
  let allowances: [Allowance]
  /// Seconds that a test may take before its kernel is ended.
  let timeLimit: Double
  /// Where the trait stands; paths are looked for from there.
  let sourceLocation: SourceLocation
  /// Tells two traits apart that are equal in all else.
  let identity = Identity()

  final class Identity: Sendable {}

  /// The trait of a suite counts for the tests in it, and in suites in it.
  public var isRecursive: Bool { true }
}

extension Trait where Self == KernelTrait {
  /// A kernel without drivers: the test loads them itself, with ``TestKernel/load(_:sourceLocation:)``.
  public static var kernel: KernelTrait { .kernel() }

  /// A kernel without drivers: the test loads them itself, with ``TestKernel/load(_:sourceLocation:)``.
  ///
  /// - Parameters:
  ///   - verifies: whether it checks what Windows checks only under Driver Verifier.
  ///   - verifier: the classes that it checks; nil: the standard ones when it `verifies`.
  ///   - configuration: memory, processors, registry; with `keepsGoing` each verdict is an issue of its
  ///     own. `verifier` in it is overridden.
  ///   - allowing: what may be left behind.
  ///   - timeLimit: seconds after which the kernel is ended, so that a request that the driver never
  ///     completes does not hang the run.
  ///   - sourceLocation: where paths are looked for.
  public static func kernel(
    verifies: Bool = true, verifier: VerifierClasses? = nil,
    configuration: Configuration = Configuration(), allowing: [Allowance] = [],
    timeLimit: Double = 60,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> KernelTrait {
    .drivers(
      [], device: .none, verifies: verifies, verifier: verifier, configuration: configuration,
      allowing: allowing, timeLimit: timeLimit, sourceLocation: sourceLocation)
  }

  /// A kernel with one driver.
  ///
  /// - Parameters:
  ///   - driver: a `.sys`, or sources that are built, once in a run.
  ///   - device: the device that the driver gets.
  ///   - verifies: whether the kernel checks what Windows checks only under Driver Verifier. Only
  ///     then it is known which line asked for a block of pool that is left.
  ///   - verifier: the classes that it checks; nil: the standard ones when it `verifies`.
  ///   - configuration: memory, processors, registry; with `keepsGoing` each verdict is an issue of its
  ///     own. `verifier` in it is overridden.
  ///   - allowing: what may be left behind.
  ///   - timeLimit: seconds after which the kernel is ended, so that a request that the driver never
  ///     completes does not hang the run.
  ///   - sourceLocation: where paths are looked for.
  public static func driver(
    _ driver: DriverFile, device: TestDevice = .automatic, verifies: Bool = true,
    verifier: VerifierClasses? = nil, configuration: Configuration = Configuration(),
    allowing: [Allowance] = [], timeLimit: Double = 60,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> KernelTrait {
    .drivers(
      [driver], device: device, verifies: verifies, verifier: verifier,
      configuration: configuration, allowing: allowing, timeLimit: timeLimit,
      sourceLocation: sourceLocation)
  }

  /// A kernel with several drivers, which are loaded in order: a stack from the bottom up, or a bus
  /// and the drivers of its children.
  ///
  /// - Parameters:
  ///   - drivers: the drivers; those without an AddDevice routine are only loaded.
  ///   - device: what becomes of the drivers that have an AddDevice routine.
  ///   - verifies: whether the kernel checks what Windows checks only under Driver Verifier.
  ///   - verifier: the classes that it checks; nil: the standard ones when it `verifies`.
  ///   - configuration: memory, processors, registry; with `keepsGoing` each verdict is an issue of its
  ///     own. `verifier` in it is overridden.
  ///   - allowing: what may be left behind.
  ///   - timeLimit: seconds after which the kernel is ended.
  ///   - sourceLocation: where paths are looked for.
  public static func drivers(
    _ drivers: [DriverFile], device: TestDevice = .automatic, verifies: Bool = true,
    verifier: VerifierClasses? = nil, configuration: Configuration = Configuration(),
    allowing: [Allowance] = [], timeLimit: Double = 60,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> KernelTrait {
    var configuration = configuration
    configuration.verifier = verifier ?? (verifies ? .standard : [])
    return KernelTrait(
      drivers: drivers, device: device, configuration: configuration, allowances: allowing,
      timeLimit: timeLimit, sourceLocation: sourceLocation)
  }
}
