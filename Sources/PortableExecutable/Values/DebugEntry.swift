import NTTypes

/// One entry of the debug table.
public struct DebugEntry: Hashable, Sendable {
  /// The kind; 2 is CodeView, 16 a reproducible build.
  public let type: UInt32
  /// The bytes of the file that hold the data.
  public let fileRange: Range<Int>
}

/// The PDB file that belongs to an image.
public struct PDBReference: Hashable, Sendable {
  /// The path where the linker wrote it.
  public let path: String
  /// The identifier that image and PDB share.
  public let guid: GUID
  /// How often the PDB was written since it was made.
  public let age: UInt32
}
