import Image

/// Whether a module is the system's own; imports from others need a driver that is loaded first.
package func isSystemModule(_ name: String) -> Bool { Images.isSystemModule(name) }
