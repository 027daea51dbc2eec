import DriverBuild
import Synchronization

/// The drivers that this run has built.
enum DriverStore {
  private static let built = Mutex<[String: DriverImage]>([:])

  /// Builds sources, once in a run, however many tests ask at the same time.
  static func build(_ sources: [String], _ configuration: DriverBuilder.Configuration) throws
    -> DriverImage
  {
    let key = "\(sources) \(identity(of: configuration))"
    return try built.withLock { built in
      if let image = built[key] { return image }
      let path = try DriverBuilder(configuration).build(sources: sources).path
      let image = DriverImage(path: path, name: DriverBuilder.usualName(of: sources))
      built[key] = image
      return image
    }
  }

  /// What of a configuration makes another image.
  private static func identity(of configuration: DriverBuilder.Configuration) -> String {
    """
    \(configuration.includeDirectories) \(configuration.defines) \(configuration.optimization) \
    \(configuration.debugInformation) \(configuration.controlFlowGuard) \
    \(configuration.addressSanitizer) \
    \(configuration.libraries) \(configuration.importDefinitions)
    """
  }
}
