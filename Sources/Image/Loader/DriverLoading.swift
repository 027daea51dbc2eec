import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import NTTypes
import Memory
import Objects
import PortableExecutable

/// How DriverEntry or an unload ended.
package enum DriverOutcome: Sendable {
  case loaded(LoadedImage)
  case refused(status: UInt32)
}

extension Images {
  /// Loads a driver: maps and binds its image, makes its driver object and calls DriverEntry.
  ///
  /// - Throws: ``LoadError`` for a bad image, ``MachineHalted`` when DriverEntry bug-checked.
  package static func load(
    bytes: [UInt8], name: String, path: String?, in machine: Machine
  ) throws -> DriverOutcome {
    let loaded = try place(bytes: bytes, name: name, path: path, in: machine)
    let status = try machine.inside(machine.systemProcess) { start(loaded) }
    guard status >> 31 == 0 else {
      try remove(loaded)
      return .refused(status: status)
    }
    return .loaded(loaded)
  }

  /// Puts an image into RAM, with those that it imports from, and makes it ready to run.
  static func place(
    bytes: [UInt8], name: String, path: String?, in machine: Machine
  ) throws -> LoadedImage {
    let image = try PortableExecutable.Image(bytes: bytes)
    try image.requireDriver()
    let loaded = try map(image, bytes: bytes, name: name, path: path, in: machine)
    do {
      try prepareSanitizer(of: loaded)
      try loadLibraries(of: loaded)
      try bind(loaded)
    } catch {
      for unneeded in loaded.letGoOfUsed() { try remove(unneeded) }
      loaded.unmap()
      throw error
    }
    initializeCookie(of: loaded)
    initializeControlFlowGuard(of: loaded)
    machine.exceptions.pointee.sharedUserData = UInt64(UInt(bitPattern: machine.sharedUserData))
    protect(loaded)
    try register(loaded)
    return loaded
  }

  /// Makes the driver object and runs DriverEntry; gives its status.
  private static func start(_ loaded: LoadedImage) -> UInt32 {
    let machine = loaded.machine
    machine.ensureService()
    var status: UInt32 = 0
    let name = Array(serviceName(loaded.name).utf16)
    let driver = name.withUnsafeBufferPointer { machine.io.makeDriver($0, status: &status) }
    guard let driver else { return status }
    loaded.driver = driver
    driver.pointee.DriverStart = loaded.base
    driver.pointee.DriverSize = UInt32(loaded.byteCount)
    let entry = loaded.base + Int(loaded.image.headers.entryPoint)
    driver.pointee.DriverInit = entry
    guard let module = ModuleEntry(of: loaded) else {
      free(driver, of: loaded)
      loaded.driver = nil
      return NameStatus.insufficientResources
    }
    loaded.module = module
    driver.pointee.DriverSection = UnsafeMutableRawPointer(module.pointer)
    checkIntegrity(of: loaded)

    let path = Array(#"\REGISTRY\MACHINE\SYSTEM\CurrentControlSet\Services\"#.utf16) + name
    let size = MemoryLayout<UNICODE_STRING>.size + path.count * 2
    guard let block = machine.pool.allocate(size, kind: .nonpaged, tag: 0x7450_6F49) else {
      free(driver, of: loaded)
      loaded.driver = nil
      return NameStatus.insufficientResources
    }
    let text = (block + MemoryLayout<UNICODE_STRING>.size).assumingMemoryBound(to: UInt16.self)
    path.withUnsafeBytes { _ = memcpy(text, $0.baseAddress!, $0.count) }
    block.storeBytes(
      of: UNICODE_STRING(
        Length: UInt16(path.count * 2), MaximumLength: UInt16(path.count * 2), Buffer: text),
      as: UNICODE_STRING.self)
    machine.state.pointee.hooks.driverStarting?(
      text + (path.count - name.count), name.count, loaded.base, loaded.byteCount)
    status = UInt32(
      truncatingIfNeeded: r3_call2(
        entry, UInt64(UInt(bitPattern: driver)), UInt64(UInt(bitPattern: block))))
    machine.pool.free(block, tag: 0)
    if status >> 31 == 0 {
      machine.state.pointee.hooks.driverStarted?(UnsafeMutableRawPointer(driver))
      machine.io.finishInitializing(driver)
    } else {
      free(driver, of: loaded)
      loaded.driver = nil
    }
    return status
  }

  /// Frees a driver object, and what it points to of the loader's.
  private static func free(_ driver: DriverPointer, of loaded: LoadedImage) {
    loaded.machine.io.freeDriver(driver)
    loaded.module?.free(in: loaded.machine)
    loaded.module = nil
  }

  static func serviceName(_ name: String) -> String {
    name.lowercased().hasSuffix(".sys") ? String(name.dropLast(4)) : name
  }

  /// Unloads a driver: calls its unload routine and frees its image.
  ///
  /// - Returns: false when the driver has no unload routine.
  package static func unload(_ loaded: LoadedImage) throws(MachineHalted) -> Bool {
    let machine = loaded.machine
    guard let driver = loaded.driver, let routine = driver.pointee.DriverUnload else {
      return false
    }
    _ = try machine.inside(machine.systemProcess) {
      _ = r3_call1(routine, UInt64(UInt(bitPattern: driver)))
      machine.io.finishWorkItems()
      checkThreads(of: loaded)
      free(driver, of: loaded)
      checkLeftovers(of: loaded)
    }
    loaded.driver = nil
    try remove(loaded)
    return true
  }

  /// Makes the image known to exceptions and reports.
  private static func register(_ loaded: LoadedImage) throws(LoadError) {
    let directory = loaded.image.directories[.exceptions]
    let table = directory.map { loaded.base + Int($0.lowerBound) }
    let image = CodeImage(
      base: UInt64(UInt(bitPattern: loaded.base)), size: UInt64(loaded.byteCount),
      functions: table.map { UnsafePointer($0.assumingMemoryBound(to: R3RuntimeFunction.self)) },
      functionCount: loaded.image.functions.count)
    guard loaded.machine.exceptions.pointee.code.insert(image) else {
      loaded.unmap()
      throw LoadError(name: loaded.name, reason: "more images are loaded than a kernel can hold")
    }
    state(of: loaded.machine).loaded.append(loaded)
    let start = UInt(bitPattern: loaded.base)
    loaded.machine.pool.noteImage(loaded.name, start..<(start + UInt(loaded.byteCount)))
  }

  /// Finds what an unloaded driver left: pool, and lookaside lists whose heads go with its image.
  private static func checkLeftovers(of loaded: LoadedImage) {
    let start = UInt(bitPattern: loaded.base)
    let range = start..<(start + UInt(loaded.byteCount))
    let left = loaded.machine.lookaside.list(in: range)
    let initializer = left.map { loaded.machine.lookaside.initializer(of: $0) } ?? 0
    _ = loaded.machine.lookaside.forget(range)
    let verifies = loaded.machine.verifier.contains(.poolTracking)
    loaded.machine.checkTimers(of: range)
    loaded.machine.io.emptyQuarantine()
    loaded.machine.memoryWithLocksGoes(range)
    loaded.name.withCString { name in
      // The name outlives the machine's threads: the record keeps the pointer.
      let kept = verifies ? strdup(name) : nil
      if let kept { loaded.missingNames.append(kept) }
      if verifies, let left {
        loaded.machine.bugCheck(
          0xC7, 0, UInt64(left), UInt64(start), UInt64(range.upperBound), subject: kept,
          rule: "LookasideListLeft", causes: Causes(.initialized, initializer))
      }
      loaded.machine.pool.checkUnload(of: range, name: kept) { block in
        loaded.machine.objects.description(of: block).flatMap {
          loaded.keep("\($0), left by \(loaded.name)")
        }
      }
      loaded.machine.checkMemoryLeft(by: range, name: kept)
      loaded.machine.checkAllocatedTimers(of: range, subject: kept)
    }
  }

  /// Finds threads that an unloaded driver left.
  private static func checkThreads(of loaded: LoadedImage) {
    guard loaded.machine.verifier.contains(.poolTracking) else { return }
    let start = UInt(bitPattern: loaded.base)
    loaded.machine.checkThreads(
      of: start..<(start + UInt(loaded.byteCount)), subject: loaded.keep(loaded.name))
  }

  /// Frees an image, or leaves that to the last image whose imports lead to it.
  static func remove(_ loaded: LoadedImage) throws(MachineHalted) {
    loaded.isUnloaded = true
    guard loaded.userCount == 0 else { return }
    if loaded.isLibrary { try finishLibrary(loaded) }
    for unneeded in loaded.letGoOfUsed() { try remove(unneeded) }
    loaded.machine.pool.forgetImage(UInt(bitPattern: loaded.base))
    loaded.machine.exceptions.pointee.code.remove(base: UInt64(UInt(bitPattern: loaded.base)))
    state(of: loaded.machine).loaded.removeAll { $0 === loaded }
    if loaded.machine.verifier.isEmpty { loaded.unmap() } else { retire(loaded) }
  }

  /// The most images that are kept for the stacks that lead into them.
  private static let retiredCount = 64

  /// Keeps an image's place, so that its addresses stay its own, and takes its memory away.
  private static func retire(_ loaded: LoadedImage) {
    let state = state(of: loaded.machine)
    loaded.close()
    state.retired.append(loaded)
    if state.retired.count > retiredCount { state.retired.removeFirst().unmap() }
    loaded.machine.exceptions.pointee.retired.fill(state.retired)
  }

  /// Gives the image its own stack cookie, unless it has one already.
  private static func initializeCookie(of loaded: LoadedImage) {
    guard let rva = loaded.image.loadConfiguration?.securityCookie else { return }
    let place = loaded.base + Int(rva)
    guard place.loadUnaligned(as: UInt64.self) == 0x2B99_2DDF_A232 else { return }
    var generator = SystemRandomNumberGenerator()
    let cookie = generator.next() & 0xFFFF_FFFF_FFFF | 0x1_0000
    place.storeBytes(of: cookie, as: UInt64.self)
  }

  /// Points the guard's check at a return and its dispatch at a jump: no call is refused.
  private static func initializeControlFlowGuard(of loaded: LoadedImage) {
    let importCount = loaded.image.imports.reduce(0) { $0 + $1.imports.count }
    let stubs = loaded.stubs + importCount * Int(R3_STUB_SIZE)
    let code: [UInt8] = [0xC3, 0x90, 0x90, 0x90, 0xFF, 0xE0]  // ret; jmp rax
    for (index, byte) in code.enumerated() {
      stubs.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }
    if let rva = loaded.image.loadConfiguration?.guardCheckPointer {
      (loaded.base + Int(rva)).storeBytes(of: stubs, as: UnsafeMutableRawPointer.self)
    }
    if let rva = loaded.image.loadConfiguration?.guardDispatchPointer {
      (loaded.base + Int(rva)).storeBytes(of: stubs + 4, as: UnsafeMutableRawPointer.self)
    }
  }
}
