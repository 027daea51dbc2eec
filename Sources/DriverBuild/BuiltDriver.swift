/// A driver that was built.
public struct BuiltDriver: Sendable {
  /// The path of the image, a `.sys` file; of a driver in Swift, the path of its library, a `.so` file.
  public var path: String
  /// The path of the library with which other drivers import what this one exports; nil when it
  /// exports nothing.
  public var importLibrary: String?
  /// What the compiler and the linker warned of, unchanged.
  public var warnings: String
  /// What Ring3 has to say: sources left out, imports assumed.
  public var notes: [String]
  /// Whether the image was taken from the cache.
  public var isFromCache: Bool
}
