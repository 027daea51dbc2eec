import CDriverKit
import CRing3
import Foundation
import Machine
import Memory
import Objects
import PortableExecutable

// Drivers that serve as libraries: `.sys` files from which another driver imports.
extension Images {
  /// Loads what a driver imports from and nobody has loaded, when the file lies beside the driver's.
  ///
  /// As on Windows such an image is no driver: not its DriverEntry runs but its DllInitialize, if it
  /// exports one, and DllUnload when the last driver that needs it has gone.
  static func loadLibraries(of loaded: LoadedImage) throws {
    guard let path = loaded.path else { return }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    for module in loaded.image.imports where !isSystemModule(module.name) {
      guard exporter(module.name, in: loaded.machine) == nil,
        let file = file(named: module.name, in: folder),
        let data = FileManager.default.contents(atPath: file)
      else { continue }
      // A module that is being loaded is not entered yet: one that needs itself stays unbound.
      guard module.name.lowercased() != loaded.name.lowercased() else { continue }
      let library = try place(
        bytes: Array(data), name: URL(fileURLWithPath: file).lastPathComponent, path: file,
        in: loaded.machine)
      library.isLibrary = true
      loaded.use(library)
      try initialize(library)
    }
  }

  /// The file of that name, in any case.
  private static func file(named name: String, in folder: URL) -> String? {
    guard !name.contains("/"), !name.contains("\\") else { return nil }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.first { $0.lowercased() == name.lowercased() }
      .map { folder.appendingPathComponent($0).path }
  }

  private static func initialize(_ library: LoadedImage) throws {
    guard let routine = library.routine("DllInitialize") else { return }
    let machine = library.machine
    let path =
      Array(#"\REGISTRY\MACHINE\SYSTEM\CurrentControlSet\Services\"#.utf16)
      + Array(serviceName(library.name).utf16)
    let status = try machine.inside(machine.systemProcess) { () -> UInt32 in
      machine.ensureService()
      return callInitialize(routine, path, machine)
    }
    guard status >> 31 == 0 else {
      throw LoadError(
        name: library.name, reason: "DllInitialize returned 0x" + String(status, radix: 16))
    }
  }

  private static func callInitialize(
    _ routine: UnsafeMutableRawPointer, _ path: [UInt16], _ machine: Machine
  ) -> UInt32 {
    let head = MemoryLayout<UNICODE_STRING>.size
    guard
      let block = machine.pool.allocate(head + path.count * 2, kind: .nonpaged, tag: 0x7450_6F49)
    else { return NameStatus.insufficientResources }
    let text = (block + head).assumingMemoryBound(to: UInt16.self)
    path.withUnsafeBufferPointer { copy($0, to: text) }
    let byteCount = UInt16(path.count * 2)
    block.storeBytes(
      of: UNICODE_STRING(Length: byteCount, MaximumLength: byteCount, Buffer: text),
      as: UNICODE_STRING.self)
    let status = r3_call1(routine, UInt64(UInt(bitPattern: block)))
    machine.pool.free(block, tag: 0)
    return UInt32(truncatingIfNeeded: status)
  }

  /// Calls DllUnload.
  static func finishLibrary(_ library: LoadedImage) throws(MachineHalted) {
    guard let routine = library.routine("DllUnload") else { return }
    let machine = library.machine
    _ = try machine.inside(machine.systemProcess) { _ = r3_call0(routine) }
  }
}

extension LoadedImage {
  /// The address of a function that the image exports.
  fileprivate func routine(_ name: String) -> UnsafeMutableRawPointer? {
    guard let export = image.exports.first(where: { $0.name == name }),
      case .address(let rva) = export.target
    else { return nil }
    return base + Int(rva)
  }
}
