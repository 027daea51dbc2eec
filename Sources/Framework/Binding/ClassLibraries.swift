import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// A driver that offers its functions to other framework drivers: a class extension.
struct ClassLibrary {
  let info: WDF_CLASS_LIBRARY_INFO
  /// Whose it is; it goes when that driver is unbound.
  let owner: UnsafeMutablePointer<DriverGlobals>
  /// The service name, which is the name of the class.
  var name: PoolText
  var clientCount = 0
  var next: UnsafeMutablePointer<ClassLibrary>?

  static var tag: UInt32 { 0x6C43_7846 }  // FxCl
}

extension Framework {
  /// What WdfRegisterClassLibrary does.
  fileprivate func register(
    _ info: WDF_CLASS_LIBRARY_INFO, _ path: UnsafePointer<UNICODE_STRING>
  ) -> Int32 {
    guard info.Size == UInt32(MemoryLayout<WDF_CLASS_LIBRARY_INFO>.size),
      info.ClassLibraryBindClient != nil
    else { return FrameworkStatus.invalidParameter }
    let service = serviceName(path)
    guard let owner = driver(named: service) else { return FrameworkStatus.invalidParameter }
    if library(named: service) != nil { return FrameworkStatus.objectNameCollision }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<ClassLibrary>.size, kind: .nonpaged, tag: ClassLibrary.tag)
    else { return FrameworkStatus.insufficientResources }
    let library = block.bindMemory(to: ClassLibrary.self, capacity: 1)
    library.initialize(to: ClassLibrary(info: info, owner: owner, name: PoolText()))
    guard library.pointee.name.set(service) else {
      machine.pool.free(block, tag: ClassLibrary.tag)
      return FrameworkStatus.insufficientResources
    }
    if let routine = info.ClassLibraryInitialize {
      let status = Int32(truncatingIfNeeded: r3_call0(routine))
      if status < 0 {
        free(library)
        return status
      }
    }
    state.pointee.lock.lock()
    library.pointee.next = state.pointee.classLibraries
    state.pointee.classLibraries = library
    state.pointee.lock.unlock()
    return 0
  }

  /// The driver that is bound with a service name.
  private func driver(named name: UnsafeBufferPointer<UInt16>)
    -> UnsafeMutablePointer<DriverGlobals>?
  {
    state.pointee.lock.lock()
    defer { state.pointee.lock.unlock() }
    var next = state.pointee.drivers
    while let globals = next {
      if globals.isNamed(name) { return globals }
      next = globals.pointee.next
    }
    return nil
  }

  private func library(named name: UnsafeBufferPointer<UInt16>)
    -> UnsafeMutablePointer<ClassLibrary>?
  {
    state.pointee.lock.lock()
    defer { state.pointee.lock.unlock() }
    var next = state.pointee.classLibraries
    while let library = next {
      let text = library.pointee.name
      let known = UnsafeBufferPointer(start: text.start, count: text.count)
      if isSame(known, name) { return library }
      next = library.pointee.next
    }
    return nil
  }

  /// What WdfVersionBindClass does: finds the library by its name and has it bind the client.
  fileprivate func bindClass(
    _ globals: UnsafeMutablePointer<DriverGlobals>,
    _ info: UnsafeMutablePointer<WDF_CLASS_BIND_INFO>
  ) -> Int32 {
    guard info.pointee.Size >= UInt32(MemoryLayout<WDF_CLASS_BIND_INFO>.size),
      let name = info.pointee.ClassName
    else { return FrameworkStatus.invalidParameter }
    var count = 0
    while name[count] != 0 { count += 1 }
    guard let library = library(named: UnsafeBufferPointer(start: name, count: count)) else {
      note("WdfVersionBindClass: no driver has registered the class that a client asks for")
      return FrameworkStatus.objectNameNotFound
    }
    guard library.pointee.info.Version.Major == info.pointee.Version.Major else {
      note("WdfVersionBindClass: the class has another major version than the client asks for")
      return FrameworkStatus.revisionMismatch
    }
    info.pointee.ClassModule = UnsafeMutableRawPointer(library)
    let routine = library.pointee.info.ClassLibraryBindClient.unsafelyUnwrapped
    let status = Int32(truncatingIfNeeded: r3_call2(routine, bits(info), bits(globals)))
    if status < 0 {
      info.pointee.ClassModule = nil
    } else {
      library.pointee.clientCount += 1
    }
    return status
  }

  /// What WdfVersionUnbindClass does; nothing for a class that the client is not bound to.
  fileprivate func unbindClass(
    _ globals: UnsafeMutablePointer<DriverGlobals>,
    _ info: UnsafeMutablePointer<WDF_CLASS_BIND_INFO>
  ) {
    guard let module = info.pointee.ClassModule else { return }
    let library = module.assumingMemoryBound(to: ClassLibrary.self)
    info.pointee.ClassModule = nil
    library.pointee.clientCount -= 1
    guard let routine = library.pointee.info.ClassLibraryUnbindClient else { return }
    _ = r3_call2(routine, bits(info), bits(globals))
  }

  /// Ends the class libraries of a driver that is being unbound.
  ///
  /// One that still has clients would leave them without its code: bug check 0x10D.
  func removeClassLibraries(of owner: UnsafeMutablePointer<DriverGlobals>) {
    while let library = takeLibrary(of: owner) {
      if library.pointee.clientCount > 0 {
        violation(.objectError, bits(library), UInt64(library.pointee.clientCount))
      }
      if let routine = library.pointee.info.ClassLibraryDeinitialize { _ = r3_call0(routine) }
      free(library)
    }
  }

  private func takeLibrary(of owner: UnsafeMutablePointer<DriverGlobals>)
    -> UnsafeMutablePointer<ClassLibrary>?
  {
    state.pointee.lock.lock()
    defer { state.pointee.lock.unlock() }
    var previous: UnsafeMutablePointer<ClassLibrary>?
    var next = state.pointee.classLibraries
    while let library = next, library.pointee.owner != owner {
      previous = library
      next = library.pointee.next
    }
    guard let library = next else { return nil }
    if let previous {
      previous.pointee.next = library.pointee.next
    } else {
      state.pointee.classLibraries = library.pointee.next
    }
    return library
  }

  private func free(_ library: UnsafeMutablePointer<ClassLibrary>) {
    library.pointee.name.free()
    machine.pool.free(UnsafeMutableRawPointer(library), tag: ClassLibrary.tag)
  }

  /// Whether two names are the same but for the case of ASCII letters.
  fileprivate func isSame(
    _ first: UnsafeBufferPointer<UInt16>, _ second: UnsafeBufferPointer<UInt16>
  ) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { lower($0) == lower($1) }
  }

  fileprivate func lower(_ character: UInt16) -> UInt16 {
    (0x41...0x5A).contains(character) ? character + 0x20 : character
  }
}

extension UnsafeMutablePointer where Pointee == DriverGlobals {
  /// Whether the driver has a service name; the framework keeps its first 31 characters.
  fileprivate func isNamed(_ name: UnsafeBufferPointer<UInt16>) -> Bool {
    withUnsafeBytes(of: pointee.visible.DriverName) { known in
      let count = known.firstIndex(of: 0) ?? known.count
      return count == min(name.count, known.count - 1)
        && zip(known.prefix(count), name).allSatisfy { UInt16($0) == $1 & 0xFF }
    }
  }
}

@c(r3_WdfRegisterClassLibrary)
package func wdfRegisterClassLibrary(
  _ info: UnsafePointer<WDF_CLASS_LIBRARY_INFO>?, _ path: UnsafePointer<UNICODE_STRING>?,
  _ deviceName: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  let framework = Framework.current
  return framework.register(framework.require(info).pointee, framework.require(path))
}

@c(r3_WdfVersionBindClass)
package func wdfVersionBindClass(
  _ info: UnsafeRawPointer?, _ globals: UnsafeMutableRawPointer,
  _ classInfo: UnsafeMutablePointer<WDF_CLASS_BIND_INFO>?
) -> Int32 {
  let framework = Framework.current
  return framework.bindClass(DriverGlobals.of(globals), framework.require(classInfo))
}

@c(r3_WdfVersionUnbindClass)
package func wdfVersionUnbindClass(
  _ info: UnsafeRawPointer?, _ globals: UnsafeMutableRawPointer,
  _ classInfo: UnsafeMutablePointer<WDF_CLASS_BIND_INFO>?
) {
  let framework = Framework.current
  framework.unbindClass(DriverGlobals.of(globals), framework.require(classInfo))
}
