/// What a kernel checks beyond what every machine does: the classes of Driver Verifier.
///
///     var configuration = Configuration()
///     configuration.verifier = [.specialPool, .poolTracking]
///
/// Source: devtest/driver-verifier-options.
public struct VerifierClasses: OptionSet, Hashable, Sendable {
  /// One bit for each class.
  public let rawValue: UInt32

  /// Makes a set of its bits.
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Guard pages round each block, and blocks that stay out of use after their release.
  @inlinable public static var specialPool: VerifierClasses { VerifierClasses(rawValue: 1 << 0) }
  /// Pageable code and data is away while a thread is at DISPATCH_LEVEL or above.
  @inlinable public static var forceIRQLChecking: VerifierClasses {
    VerifierClasses(rawValue: 1 << 1)
  }
  /// Allocations fail now and then, as on a machine that is short of memory.
  @inlinable public static var lowResources: VerifierClasses { VerifierClasses(rawValue: 1 << 2) }
  /// What is left at unload: pool, locked pages, objects; with the stacks of what was allocated.
  @inlinable public static var poolTracking: VerifierClasses { VerifierClasses(rawValue: 1 << 3) }
  /// The life of requests: completion, forwarding, pending, what is reported of buffers.
  @inlinable public static var ioVerification: VerifierClasses { VerifierClasses(rawValue: 1 << 4) }
  /// Order, ownership and life of locks.
  @inlinable public static var deadlockDetection: VerifierClasses {
    VerifierClasses(rawValue: 1 << 5)
  }
  /// Adapters, common buffers, map registers, transfers.
  @inlinable public static var dma: VerifierClasses { VerifierClasses(rawValue: 1 << 7) }
  /// User addresses in kernel calls, reads of user memory, what goes out to programs.
  @inlinable public static var securityChecks: VerifierClasses { VerifierClasses(rawValue: 1 << 8) }
  /// Some calls of lower drivers answer STATUS_PENDING that would not have to.
  @inlinable public static var forcePendingIO: VerifierClasses { VerifierClasses(rawValue: 1 << 9) }
  /// Freed memory that holds something in use; waits on the stack.
  @inlinable public static var miscellaneous: VerifierClasses { VerifierClasses(rawValue: 1 << 11) }
  /// Buffers of writes that change, buffers of reads that are changed too early.
  @inlinable public static var invariantMDL: VerifierClasses { VerifierClasses(rawValue: 1 << 13) }
  /// Levels, locks and order of calls, by the documentation of each routine.
  @inlinable public static var ddiCompliance: VerifierClasses { VerifierClasses(rawValue: 1 << 17) }
  /// Executable pool, and mappings of pages that may be executed.
  @inlinable public static var codeIntegrity: VerifierClasses { VerifierClasses(rawValue: 1 << 25) }
  /// The framework's own verifier, and its rules on requests and memory.
  @inlinable public static var wdf: VerifierClasses { VerifierClasses(rawValue: 1 << 20) }

  /// What is checked without asking for more: all that neither fails nor delays what a driver asks for.
  public static let standard: VerifierClasses = [
    .specialPool, .forceIRQLChecking, .poolTracking, .ioVerification, .deadlockDetection, .dma,
    .securityChecks, .miscellaneous, .ddiCompliance, .wdf,
  ]

  /// The standard classes without guard pages, which change where memory lies and what it costs.
  public static let unguarded = standard.subtracting(.specialPool)

  /// The classes with the words that stand for them on the command line, in the order of the bits.
  public static let words: [(word: String, classes: VerifierClasses)] = [
    ("special-pool", .specialPool), ("force-irql", .forceIRQLChecking),
    ("low-resources", .lowResources), ("pool-tracking", .poolTracking), ("io", .ioVerification),
    ("deadlock", .deadlockDetection), ("dma", .dma), ("security", .securityChecks),
    ("force-pending", .forcePendingIO), ("miscellaneous", .miscellaneous),
    ("invariant-mdl", .invariantMDL), ("ddi", .ddiCompliance), ("wdf", .wdf),
    ("code-integrity", .codeIntegrity),
  ]

  /// The class that a word stands for, or `standard`; nil for another word.
  public init?(word: some StringProtocol) {
    if word == "standard" {
      self = .standard
    } else if let known = Self.words.first(where: { $0.word == word }) {
      self = known.classes
    } else {
      return nil
    }
  }
}

extension VerifierClasses: CustomStringConvertible {
  /// The words of the classes: `special-pool, io`.
  public var description: String {
    Self.words.filter { contains($0.classes) }.map(\.word).joined(separator: ", ")
  }
}
