import DriverBuild
import Foundation
import SwiftDrivers

/// A library with a driver in Swift, in this process.
///
/// It stays in the process to its end: the runtime keeps the types of a library.
package struct SwiftLibrary: Sendable {
  /// The driver.
  package let type: any SwiftDriver.Type

  /// Brings a library into the process, or finds it there.
  package init(path: String) throws(DriverLoadError) {
    // A runtime that is part of the program would be there twice.
    guard dlopen("libswiftCore.so", RTLD_NOW | RTLD_NOLOAD) != nil else {
      throw .unreadable(
        path: path,
        reason: "the program has the Swift runtime in it. Build it without --static-swift-stdlib.")
    }
    let file = URL(fileURLWithPath: path).path
    guard let library = dlopen(file, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "cannot be loaded"
      throw .unreadable(
        path: path,
        reason: "\(reason). The program must export its symbols, as ring3 does: link it with "
          + "-Xlinker --export-dynamic.")
    }
    guard let entry = dlsym(library, "ring3_swift_driver"),
      let stamp = dlsym(library, "ring3_swift_driver_stamp")
    else {
      throw .unreadable(path: path, reason: "no driver that ring3 build made of Swift source")
    }
    try Self.check(unsafeBitCast(stamp, to: (@convention(c) () -> UInt64).self)(), path)
    type = Self.type(
      unsafeBitCast(entry, to: (@convention(c) (UnsafeMutableRawPointer) -> Void).self))
  }

  /// The layouts of this program's types are compiled into the library.
  private static func check(_ stamp: UInt64, _ path: String) throws(DriverLoadError) {
    do {
      guard try SwiftModules.find().stamp != stamp else { return }
    } catch {
      throw .unreadable(path: path, reason: error.message)
    }
    throw .unreadable(
      path: path, reason: "built for another build of Ring3. Build it anew with ring3 build.")
  }

  private static func type(
    _ entry: @convention(c) (UnsafeMutableRawPointer) -> Void
  ) -> any SwiftDriver.Type {
    withUnsafeTemporaryAllocation(of: (any SwiftDriver.Type).self, capacity: 1) { place in
      entry(UnsafeMutableRawPointer(place.baseAddress.unsafelyUnwrapped))
      return place[0]
    }
  }
}

extension Kernel {
  /// Loads a driver in Swift from a library that `ring3 build` or `DriverBuilder` made.
  ///
  /// The library uses the modules of this program, which must be those that it was built against, and
  /// must export its symbols. It stays in the process when the driver is unloaded. A program that has
  /// the driver in its own modules loads its type instead: ``load(_:named:)``.
  ///
  /// - Parameters:
  ///   - path: the library, a `.so` file.
  ///   - name: its service name; nil for `SwiftDriver.name`.
  /// - Throws: ``DriverLoadError``.
  @discardableResult
  public func load(library path: String, named name: String? = nil) throws(DriverLoadError)
    -> Driver
  {
    try load(SwiftLibrary(path: path).type, named: name)
  }
}
