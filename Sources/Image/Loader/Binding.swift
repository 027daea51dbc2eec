import CRing3
import NTTypes
import CRing3Exports
import Glibc
import Machine
import Memory
import PortableExecutable

extension Images {
  /// Binds every import to its export, a variable, or a stub that names what is missing.
  static func bind(_ loaded: LoadedImage) throws(LoadError) {
    var stub = loaded.stubs.assumingMemoryBound(to: UInt8.self)
    // Behind the stubs, and the two of control-flow guard.
    var levelStub = loaded.stubs + loaded.importCount.advanced(by: 2) * Int(R3_STUB_SIZE)
    for module in loaded.image.imports {
      for item in module.imports {
        var target = try target(of: item, from: module.name, in: loaded, stub: stub)
        if checksLevels(loaded.machine),
          case .system(let export) = resolve(item.symbol, from: module.name, for: loaded)
        {
          target = checkedForLevel(target, export.pointee.name, stub: levelStub)
          levelStub += levelStubByteCount
        }
        (loaded.base + Int(item.slot)).storeBytes(of: target, as: UnsafeRawPointer.self)
        stub += Int(R3_STUB_SIZE)
      }
    }
  }

  private static func target(
    of item: Import, from module: String, in loaded: LoadedImage, stub: UnsafeMutablePointer<UInt8>
  ) throws(LoadError) -> UnsafeRawPointer {
    switch resolve(item.symbol, from: module, for: loaded) {
    case .image(let address): return address
    case .missing: return missing("\(module)!\(item.symbol)", in: loaded, stub: stub)
    case .system(let export):
      let name = String(cString: export.pointee.name)
      if name == "MmProtectMdlSystemAddress" { loaded.machine.separateMappings() }
      return try target(of: verified(export, loaded.machine), name, in: loaded, stub: stub)
    }
  }

  private static func target(
    of export: UnsafePointer<R3Export>, _ name: String, in loaded: LoadedImage,
    stub: UnsafeMutablePointer<UInt8>
  ) throws(LoadError) -> UnsafeRawPointer {
    if loaded.machine.injectsFailures, let fallible = r3_fallible_find(name) {
      r3_make_fallible_stub(stub, fallible)
      return UnsafeRawPointer(stub)
    }
    switch export.pointee.kind {
    case .data:
      if name == "MmUserProbeAddress" || name == "MmHighestUserAddress" {
        loaded.machine.verifierState?.pointee.probesByHand = true
      }
      return try DataExports.address(of: name, in: loaded.machine, for: loaded.name)
    case .leaf:
      return export.pointee.function.unsafelyUnwrapped
    case .function, .variadic:
      r3_make_stub(
        stub, export.pointee.function.unsafelyUnwrapped, export.pointee.argumentCount,
        export.pointee.kind == .variadic ? 1 : 0)
      return UnsafeRawPointer(stub)
    }
  }

  /// The export that also checks, when there is one and the machine is verified.
  static func verified(_ export: UnsafePointer<R3Export>, _ machine: Machine)
    -> UnsafePointer<R3Export>
  {
    if machine.verifier.isEmpty { return export }
    return r3_export_verified(export.pointee.name) ?? export
  }

  private static func missing(
    _ name: String, in loaded: LoadedImage, stub: UnsafeMutablePointer<UInt8>
  ) -> UnsafeRawPointer {
    loaded.missing.append(name)
    if let copy = strdup(name) {
      loaded.missingNames.append(copy)
      r3_make_missing_stub(stub, missingImportHandler, copy)
    }
    return UnsafeRawPointer(stub)
  }

  private nonisolated(unsafe) static let missingImportHandler: UnsafeRawPointer = unsafeBitCast(
    missingImport, to: UnsafeRawPointer.self)
}

/// A driver called a function that Ring3 does not have.
private let missingImport: @convention(c) (UnsafePointer<CChar>?) -> UInt64 = { name in
  Machine.current.bugCheck(
    0x5233_0001, UInt64(UInt(bitPattern: name)), 0, 0, 0, subject: name)
}
