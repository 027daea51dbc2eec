import DriverBuild
import Synchronization

/// The drivers that this run has built.
enum DriverStore {
  private static let built = Mutex<[String: String]>([:])

  /// Builds sources, once in a run, however many tests ask at the same time.
  ///
  /// - Returns: the path of the image.
  static func build(_ sources: [String], _ configuration: DriverBuilder.Configuration) throws
    -> String
  {
    let key = "\(sources) \(identity(of: configuration))"
    return try built.withLock { built in
      if let path = built[key] { return path }
      let path = try DriverBuilder(configuration).build(sources: sources).path
      built[key] = path
      return path
    }
  }

  /// What of a configuration makes another image.
  private static func identity(of configuration: DriverBuilder.Configuration) -> String {
    """
    \(configuration.includeDirectories) \(configuration.defines) \(configuration.optimization) \
    \(configuration.debugInformation) \(configuration.controlFlowGuard) \
    \(configuration.libraries) \(configuration.importDefinitions)
    """
  }
}
