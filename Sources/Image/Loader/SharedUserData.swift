import Machine
import PortableExecutable

extension Images {
  /// Points constants that name KUSER_SHARED_DATA to the machine's own page.
  ///
  /// Inlines of the driver kit load the fixed address 0xFFFFF780_0000_0xxx as an eight-byte constant
  /// in code. Each one becomes the host address of the page, and reads run at native speed; what is
  /// not found here traps and is emulated.
  static func redirectSharedUserData(_ loaded: LoadedImage, to page: UInt64) {
    guard page != 0 else { return }
    for section in loaded.image.sections where section.isExecutable && section.size >= 8 {
      let start = loaded.base + Int(section.rva)
      for offset in 0...(Int(section.size) - 8) {
        let value = (start + offset).loadUnaligned(as: UInt64.self)
        guard value >> 12 == 0xF_FFFF_7800_0000 else { continue }
        (start + offset).storeBytes(of: page + (value & 0xFFF), as: UInt64.self)
      }
    }
  }
}
