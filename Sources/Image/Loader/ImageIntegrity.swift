import Machine
import NTTypes
import PortableExecutable

// What the class `codeIntegrity` finds in an image, before its code runs for the first time.
extension Images {
  /// No code of a driver may be written to: bug check 0xC4, 0x2003 for its sections, 0x2005 for the
  /// addresses of its imports.
  static func checkIntegrity(of loaded: LoadedImage) {
    let machine = loaded.machine
    guard machine.verifier.contains(.codeIntegrity) else { return }
    let imports = loaded.image.directories[.importAddresses]
    let writable = loaded.image.sections.contains { $0.isExecutable && $0.isWritable }
    let holdsImports = loaded.image.sections.contains { section in
      section.isExecutable && (imports.map { section.range.contains($0.lowerBound) } ?? false)
    }
    let base = UInt64(UInt(bitPattern: loaded.base))
    if writable { machine.report(0xC4, 0x2003, base) }
    if holdsImports { machine.report(0xC4, 0x2005, base) }
  }
}
