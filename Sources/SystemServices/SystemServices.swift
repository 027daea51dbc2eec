import Machine

/// The system services of a machine: the registry, and more as drivers ask for it.
package enum SystemServices {
  /// Sets the services of a new machine up.
  ///
  /// - Throws: ``RegistryError`` when the configuration's registry text cannot be read.
  package static func install(in machine: Machine) throws(RegistryError) {
    let edits = try machine.state.pointee.configuration.registryText.map(RegistryFile.parse) ?? []
    Registry.install(in: machine)
    for edit in edits { machine.registry.apply(edit) }
  }
}
