import Machine
import Objects

/// The system services of a machine: the registry, and more as drivers ask for it.
package enum SystemServices {
  /// Sets the services of a new machine up.
  ///
  /// - Throws: ``RegistryError`` when the configuration's registry text cannot be read.
  package static func install(in machine: Machine) throws(RegistryError) {
    let edits = try machine.state.pointee.configuration.registryText.map(RegistryFile.parse) ?? []
    Registry.install(in: machine)
    Sandbox.install(in: machine)
    machine.installNotifications()
    machine.objects.makeSystemCallbacks()
    machine.state.pointee.hooks.driverStarting = { name, count, base, byteCount in
      let name = UTF16Text(start: name, count: count)
      Machine.current.registry.makeServiceKey(name)
      Machine.current.notifyImage(name, base, byteCount)
    }
    machine.state.pointee.hooks.threadNews = { thread, isStart in
      let thread = Thread(thread.assumingMemoryBound(to: ThreadState.self))
      Machine.current.notifyThread(thread, isStart: isStart)
    }
    for edit in edits { machine.registry.apply(edit) }
  }
}
