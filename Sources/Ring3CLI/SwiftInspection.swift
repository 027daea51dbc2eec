import Ring3

/// The facts that `ring3 inspect` reports of a driver in Swift; the names of the properties are those
/// of its JSON.
struct SwiftInspection: Encodable {
  var op = "inspect"
  var path: String
  var model = "Swift"
  /// The type that is the driver.
  var type: String
  /// The service name.
  var name: String
  var plugAndPlay: Bool
  var library: String

  init(path: String, library: String) throws(DriverLoadError) {
    let driver = try SwiftLibrary(path: library).type
    self.path = path
    self.library = library
    type = "\(driver)"
    name = driver.name
    plugAndPlay = driver.isPlugAndPlay
  }

  /// The facts for a person.
  var text: String {
    """
    \(path): driver in Swift
      type         \(type)
      name         \(name)
      devices      \(plugAndPlay ? "those that Plug and Play finds" : "its own")
      library      \(library)
    """
  }
}
