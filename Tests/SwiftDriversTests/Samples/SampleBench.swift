import Ring3
import Testing

extension Kernel {
  /// A kernel in whose registry a driver has parameters, as lines of a registry file.
  static func withParameters(
    of driver: String, _ lines: [String], verifier: VerifierClasses = []
  ) throws -> Kernel {
    var configuration = Configuration()
    configuration.verifier = verifier
    let key =
      #"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\"# + driver + #"\Parameters]"#
    configuration.registryText =
      "Windows Registry Editor Version 5.00\n\n" + ([key] + lines).joined(separator: "\n") + "\n"
    return try Kernel(configuration: configuration)
  }
}

extension KernelError {
  /// The status that a call throws; nil when it throws none.
  static func status(of body: () throws -> Void) -> NTStatus? {
    do {
      try body()
      return nil
    } catch {
      return (error as? KernelError)?.status
    }
  }
}

/// Bytes that tell their place.
func pattern(_ count: Int, seed: Int = 0) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ ($0 >> 8) &+ seed) }
}

/// Numbers as they lie in memory, lowest byte first.
func load<Number: FixedWidthInteger>(_ bytes: [UInt8], at offset: Int, as: Number.Type) -> Number {
  (0..<MemoryLayout<Number>.size).reduce(0) {
    $0 | Number(truncatingIfNeeded: UInt64(bytes[offset + $1]) << UInt64(8 * $1))
  }
}

extension Ring3.File.Completion {
  /// Whether so many bytes were moved, with success.
  func hasMoved(_ count: Int) -> Bool { status == .success && information == count }
}
