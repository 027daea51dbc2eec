/// How much of everything an image may have, so that reading hostile bytes takes bounded time and memory.
public struct ImageLimits: Hashable, Sendable {
  /// Bytes of the loaded image.
  public var imageSize = 256 << 20
  /// Sections.
  public var sections = 96
  /// Modules that are imported from.
  public var modules = 256
  /// Imports of all modules together.
  public var imports = 65_536
  /// Exports.
  public var exports = 65_536
  /// Entries of the relocation table, also those that only fill it up.
  public var relocations = 4 << 20
  /// Functions of the exception table.
  public var functions = 1 << 20
  /// Unwind operations of all functions together.
  public var unwindOperations = 8 << 20
  /// Symbols.
  public var symbols = 1 << 20
  /// Entries of the debug table.
  public var debugEntries = 64
  /// Entries of the resource tree.
  public var resourceEntries = 4096
  /// Bytes of one name.
  public var nameLength = 4096
  /// Bytes of all names together.
  public var allNames = 16 << 20

  /// The limits of ``standard``.
  public init() {}

  /// Far more than any driver needs.
  public static let standard = ImageLimits()
}
