/// The version resource of an image.
public struct VersionInfo: Hashable, Sendable {
  /// The four numbers of the file version.
  public let fileVersion: [UInt16]
  public let productVersion: [UInt16]
  /// The texts by their keys, for example `FileDescription`.
  public let strings: [String: String]

  public var fileDescription: String? { strings["FileDescription"] }
  public var companyName: String? { strings["CompanyName"] }
  public var originalFilename: String? { strings["OriginalFilename"] }
}
