import Memory
import NTTypes
import CRing3
import Glibc
import Machine
import PortableExecutable

extension Images {
  /// Puts an image into RAM: headers, sections, relocations.
  ///
  /// Protection comes last, after binding.
  static func map(
    _ image: PortableExecutable.Image, bytes: [UInt8], name: String, path: String?,
    in machine: Machine
  ) throws(LoadError) -> LoadedImage {
    let pageCount = (Int(image.headers.imageSize) + pageSize - 1) >> pageShift
    let importCount = image.imports.reduce(0) { $0 + $1.imports.count }
    // Two stubs more: the targets of control-flow guard.
    let levelByteCount = checksLevels(machine) ? importCount * levelStubByteCount : 0
    let scheduleByteCount = machine.schedule == nil ? 0 : importCount * ScheduledExport.byteCount
    let stubByteCount = (importCount + 2) * Int(R3_STUB_SIZE) + levelByteCount + scheduleByteCount
    let stubPageCount = (stubByteCount + pageSize - 1) >> pageShift
    guard let first = machine.takeFrames(pageCount + stubPageCount, zeroed: true) else {
      throw LoadError(
        name: name,
        reason: "no \(pageCount + stubPageCount) adjacent pages of RAM are free; "
          + "make the kernel with more memory")
    }
    let loaded = LoadedImage(
      name: name, path: path, image: image, machine: machine, firstFrame: first,
      pageCount: pageCount, stubPageCount: stubPageCount)
    copy(image, bytes, to: loaded.base)
    relocate(image, at: loaded.base)
    return loaded
  }

  private static func copy(
    _ image: PortableExecutable.Image, _ bytes: [UInt8], to base: UnsafeMutableRawPointer
  ) {
    bytes.withUnsafeBytes { file in
      guard let start = file.baseAddress else { return }
      memcpy(base, start, min(Int(image.headers.headerSize), file.count))
      for section in image.sections where !section.fileRange.isEmpty {
        let count = min(section.fileRange.count, Int(section.size))
        memcpy(base + Int(section.rva), start + section.fileRange.lowerBound, count)
      }
    }
  }

  private static func relocate(
    _ image: PortableExecutable.Image, at base: UnsafeMutableRawPointer
  ) {
    let delta = UInt64(UInt(bitPattern: base)) &- image.headers.preferredBase
    for rva in image.relocations {
      let place = base + Int(rva)
      let value = place.loadUnaligned(as: UInt64.self)
      place.storeBytes(of: value &+ delta, as: UInt64.self)
    }
  }

  /// Gives each section its protection, and the stubs theirs.
  static func protect(_ loaded: LoadedImage) {
    mprotect(loaded.stubs, loaded.stubPageCount << pageShift, PROT_READ | PROT_EXEC)
    guard loaded.image.isPageAligned else {
      // Sections share pages, as in small drivers linked with /align: the whole image gets all rights.
      mprotect(loaded.base, loaded.byteCount, PROT_READ | PROT_WRITE | PROT_EXEC)
      return
    }
    mprotect(loaded.base, Int(loaded.image.headers.headerSize), PROT_READ)
    for section in loaded.image.sections {
      var protection = PROT_NONE
      if section.isReadable { protection |= PROT_READ }
      if section.isWritable { protection |= PROT_WRITE }
      if section.isExecutable { protection |= PROT_EXEC }
      let start = loaded.base + Int(section.rva)
      mprotect(start, Int(section.size), protection)
      if section.isPageable, section.name.hasPrefix("PAGE"),
        loaded.machine.verifier.contains(.forceIRQLChecking)
      {
        loaded.machine.pageableSections?.pointee.add(
          UInt(bitPattern: start), byteCount: Int(section.size), protection: protection)
      }
    }
  }
}
