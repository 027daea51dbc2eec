import NTTypes

extension VerifierClasses {
  /// For drivers that report as many bytes as a test says, and write none of them: everything that
  /// `verifies` stands for, but for what looks at bytes that nobody wrote.
  package static let withoutDisclosure = unguarded.subtracting(.securityChecks)
}
