import NTTypes

/// How a machine is made: its memory, processors and limits.
public struct MachineConfiguration: Sendable {
  /// Bytes of simulated RAM; a multiple of 1 MiB.
  ///
  /// The memory file is sparse: only pages in use cost.
  public var memoryByteCount = 1 << 30
  /// Bytes of nonpaged, no-execute pool, at most.
  public var nonpagedPoolByteCount = 384 << 20
  /// Bytes of nonpaged, executable pool, at most.
  public var executablePoolByteCount = 32 << 20
  /// Bytes of paged pool, at most.
  public var pagedPoolByteCount = 256 << 20
  /// Number of simulated processors, 1 to 64.
  public var processorCount = 4
  /// Bytes of a kernel stack.
  ///
  /// Windows gives 24 KiB; the system's own routines need more here.
  public var kernelStackByteCount = 512 << 10
  /// Bytes of nonpaged and of paged pool that one user process may be charged for.
  public var processQuotaByteCount = 64 << 20
  /// Longest time that a thread may stay at DISPATCH_LEVEL or above before bug check 0x133, in seconds.
  public var raisedLevelSeconds = 10.0
  /// Longest time that a request may stay in a driver after its thread or process has ended, in seconds.
  public var cancelSeconds = 300.0
  /// Time stands still but for calls of `advanceTime`, for tests of timers and timeouts.
  public var usesManualClock = false
  /// What is checked of drivers, by the classes of Driver Verifier.
  ///
  /// Nothing costs anything while its class is not there.
  public var verifier: VerifierClasses = [] {
    didSet { isChecked = verifier.isSuperset(of: .unguarded) }
  }
  /// ``verifies``, for paths on which a comparison of sets is too much.
  private var isChecked = false
  /// What the class `specialPool` of ``verifier`` is for.
  public var specialPool = SpecialPoolSelection()
  /// Which requests of drivers for memory and objects fail, with the class `lowResources`.
  public var failurePlan = FailurePlan.usual
  /// The class `lowResources` with its plan; nil without it.
  public var lowResources: FailurePlan? {
    get { verifier.contains(.lowResources) ? failurePlan : nil }
    set {
      if let newValue {
        failurePlan = newValue
        verifier.insert(.lowResources)
      } else {
        verifier.remove(.lowResources)
      }
    }
  }
  /// Keeps the verdicts on broken rules and goes on, where that is sound, instead of ending the kernel
  /// at the first one.
  public var keepsGoing = false
  /// The seed of an order in which threads, DPCs and timers run, one at a time, with a switch at each call
  /// of the system; nil: they run at once, as the host lets them.
  ///
  /// Equal seeds give equal orders for the same driver and a program of one thread. Time is the machine's
  /// own: it moves when nobody can run. The threads of the machine run while one of the program is in a
  /// call or waits for an answer, and stand still else.
  public var schedule: UInt64?
  /// With ``schedule``: each request that a program starts and waits for later is sent by a thread of its
  /// own, so that the seed also says which one a driver gets first.
  public var sendsConcurrently = false
  /// Takes paged pool away while a thread is at DISPATCH_LEVEL or above, so that touching it is found:
  /// the class `forceIRQLChecking` of ``verifier``.
  public var forcesIRQLChecking: Bool {
    get { verifier.contains(.forceIRQLChecking) }
    set {
      if newValue {
        verifier.insert(.forceIRQLChecking)
      } else {
        verifier.remove(.forceIRQLChecking)
      }
    }
  }
  /// Checks what ``VerifierClasses/unguarded`` checks: the standard classes, and memory where it lies.
  public var verifies: Bool {
    get { isChecked }
    set { verifier = newValue ? verifier.union(.unguarded) : [] }
  }
  /// Whether `DbgBreakPoint` raises a breakpoint exception, as on a machine without a debugger.
  ///
  /// Otherwise it is noted in the debug output and the driver goes on, as under a debugger that is
  /// told to go on.
  public var breakpointsRaise = false
  /// Called with each piece of debug output as it comes, on the thread that writes it.
  public var debugOutput: (@Sendable (String) -> Void)?
  /// Folder that stands for the system's disk in file services; none: no files.
  public var sandboxPath: String?
  /// Text of the registry at start.
  public var registryText: String?

  /// The configuration that fits most tests.
  public init() {}
}
