import NTTypes

/// Why bytes are not an image that can be used: what is wrong, where, and what helps.
public struct ImageError: Error, Hashable, Sendable {
  /// The kind of fault, for code that decides on it.
  public enum Reason: Hashable, Sendable, CaseIterable {
    /// The file ends before what a header announces.
    case truncated
    /// The bytes are no image at all.
    case notAnImage
    /// The image is for another processor.
    case wrongMachine
    /// The image has the 32-bit layout.
    case notPE32Plus
    /// The image is larger, or has more of something, than the limits allow.
    case overLimit
    /// A field of the headers cannot be right.
    case badHeader
    /// A section does not fit the image, the file or its neighbor.
    case badSection
    /// A data directory points out of the image.
    case badDirectory
    case badImport
    case badExport
    case badRelocation
    /// A relocation is of a kind that x64 images do not use.
    case unsupportedRelocation
    case badUnwindData
    case badLoadConfiguration
    case badThreadLocalStorage
    /// The image is sound, but it is no kernel driver.
    case notADriver
    /// The image can only run at its preferred address.
    case notRelocatable
    /// The image wants callbacks for thread-local storage, which kernel mode does not have.
    case threadLocalCallbacks
  }

  /// A place in the file or in the loaded image.
  public enum Place: Hashable, Sendable {
    /// An offset in the file.
    case file(Int)
    /// An offset from the start of the loaded image.
    case image(UInt32)
  }

  /// The kind of fault.
  public let reason: Reason
  /// What is wrong, in a sentence without its full stop.
  public let message: String
  /// Where it is wrong.
  public let place: Place?
  /// What the reader can do, in a sentence without its full stop.
  public let remedy: String

  init(_ reason: Reason, _ message: String, at place: Place? = nil, remedy: String? = nil) {
    self.reason = reason
    self.message = message
    self.place = place
    self.remedy = remedy ?? reason.usualRemedy
  }
}

extension ImageError.Reason {
  fileprivate var usualRemedy: String {
    switch self {
    case .truncated: "Copy or build the file again: its end is missing"
    case .notAnImage: "Give a .sys file as a linker makes it"
    case .wrongMachine, .notPE32Plus: "Build the driver for x64"
    case .overLimit: "If the image is genuine, read it with higher limits"
    case .notADriver: "Link with /driver /subsystem:native /entry:DriverEntry"
    case .notRelocatable: "Link without /fixed, so that the image keeps its relocations"
    case .threadLocalCallbacks: "Build the driver without thread-local variables"
    case .unsupportedRelocation: "Link the driver with an x64 linker"
    default: "The file is damaged or was changed after linking: build it again"
    }
  }
}

extension ImageError.Place: CustomStringConvertible {
  /// The offset, and what it counts from.
  public var description: String {
    switch self {
    case .file(let offset): "file offset \(UInt64(max(0, offset)).hexadecimal())"
    case .image(let rva): "image offset \(rva.hexadecimal())"
    }
  }
}

extension ImageError: CustomStringConvertible {
  /// The message, the place and the remedy.
  public var description: String {
    let place = place.map { " (at \($0))" } ?? ""
    return "\(message)\(place). \(remedy)."
  }
}
