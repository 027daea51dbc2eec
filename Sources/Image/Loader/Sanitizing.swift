import Machine
import PortableExecutable

// Images that are built with the kernel address sanitizer.
extension Images {
  /// Tells the image's code where the shadow of memory is, when it has the section for that.
  ///
  /// - Throws: ``LoadError`` when the section is none of ours, or the shadow cannot be mapped.
  static func prepareSanitizer(of loaded: LoadedImage) throws(LoadError) {
    guard let found = loaded.image.sections.first(where: { $0.name == "KASAN" }) else { return }
    guard Int(found.size) >= SanitizerSection.byteCount,
      let section = SanitizerSection(at: loaded.base + Int(found.rva))
    else {
      throw LoadError(
        name: loaded.name,
        reason:
          "it is built with /fsanitize=kernel-address by Microsoft's compiler, for the run-time "
          + "of Windows; build it without, or from its source with --kasan")
    }
    do {
      try ShadowMemory.map()
    } catch {
      throw LoadError(name: loaded.name, reason: "\(error); build it without --kasan")
    }
    section.setShadow(ShadowMemory.base)
    SanitizedImages.add(loaded.addresses, section)
  }
}

extension LoadedImage {
  var addresses: Range<UInt> {
    let start = UInt(bitPattern: base)
    return start..<(start + UInt(byteCount))
  }

  /// Leaves no marks in the memory of an image that goes.
  func forgetSanitizer() {
    guard ShadowMemory.isMapped else { return }
    SanitizedImages.remove(addresses)
    ShadowMemory.clear(addresses)
  }
}
