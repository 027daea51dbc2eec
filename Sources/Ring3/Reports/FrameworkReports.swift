import Framework

extension Kernel {
  /// The objects of the drivers that use the driver framework, as trees from the WDFDRIVERs down.
  ///
  /// An object whose parent is gone - deleted, and kept by a reference - stands beside them. To be
  /// asked for while no other thread is inside the kernel.
  public var frameworkObjects: [FrameworkObjectRecord] { machine.framework.records() }

  /// The framework objects that drivers had left when they were unloaded, oldest first.
  ///
  /// The framework deletes everything at unload; what is left is what references keep.
  public var leaks: [FrameworkLeak] { machine.framework.leaks }
}
