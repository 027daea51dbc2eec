/// The version resource of an image.
public struct VersionInfo: Hashable, Sendable {
  /// The four numbers of the file version.
  public let fileVersion: [UInt16]
  /// The four numbers of the product version.
  public let productVersion: [UInt16]
  /// The texts by their keys, for example `FileDescription`.
  public let strings: [String: String]

  /// The text `FileDescription`.
  public var fileDescription: String? { strings["FileDescription"] }
  /// The text `CompanyName`.
  public var companyName: String? { strings["CompanyName"] }
  /// The text `OriginalFilename`.
  public var originalFilename: String? { strings["OriginalFilename"] }
}
