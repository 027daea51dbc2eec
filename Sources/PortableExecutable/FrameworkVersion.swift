/// The version of a driver framework, such as 1.33.
public struct FrameworkVersion: Hashable, Sendable, CustomStringConvertible {
  /// The number before the dot.
  public let major: UInt32
  /// The number after the dot.
  public let minor: UInt32

  /// Both numbers with a dot between them.
  public var description: String { "\(major).\(minor)" }
}

extension Image {
  /// The version of KMDF that the driver asks for; nil when it asks for none.
  ///
  /// The start-up code of the driver hands the loader of the framework a structure of a known size
  /// that names the component `KmdfLibrary` and then the version.
  public var frameworkVersion: FrameworkVersion? {
    for target in relocations where target >= 8 {
      guard let info = contents(at: target - 8, count: 24),
        [0x30, 0x58].contains(info.number(at: 0)),
        info.number(at: 12) == UInt32(preferredBase >> 32)
      else { continue }
      let name = info.number(at: 8) &- UInt32(truncatingIfNeeded: preferredBase)
      guard contents(at: name, count: Self.component.count) == Self.component else { continue }
      return FrameworkVersion(major: info.number(at: 16), minor: info.number(at: 20))
    }
    return nil
  }

  /// The name of the component in UTF-16, with its end.
  private static let component = "KmdfLibrary\0".utf16.flatMap {
    [UInt8($0 & 0xFF), UInt8($0 >> 8)]
  }
}

extension [UInt8] {
  /// The 32-bit number at an offset, lowest byte first.
  fileprivate func number(at offset: Int) -> UInt32 {
    self[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
