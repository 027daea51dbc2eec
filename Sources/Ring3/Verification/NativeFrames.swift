import CRing3
import DriverBuild
import Foundation
import Image
import Machine
import NTTypes

// Stacks of drivers in Swift, which are code of this program or of a library in it.
extension Machine {
  /// The frames of a site: of a driver in Swift those that are the driver's, as far as that can be told.
  func siteFrames(_ stack: StackNumber, _ images: [LoadedImage]) -> [BugCheck.Frame] {
    let frames = frames(stack, images)
    guard frames.contains(where: { $0.module == nil }) else { return frames }
    let native = frames.map { NativeFrame($0) }
    // A driver's library is neither this program nor a part of the Swift runtime.
    let inLibrary = native.filter { !$0.isOfProgram && !$0.isOfRuntime }
    if !inLibrary.isEmpty { return inLibrary.map(\.frame) }
    return native.drop { $0.isOfSystem }.map(\.frame)
  }
}

/// A return address in this program, or in a library of it.
private struct NativeFrame {
  var frame: BugCheck.Frame
  private let path: String
  private let symbol: String

  init(_ frame: BugCheck.Frame) {
    self.frame = frame
    guard frame.module == nil else {
      (path, symbol) = ("", "")
      return
    }
    let place = r3_native_place(frame.address)
    path = place.file.map { String(cString: $0) } ?? ""
    symbol = place.symbol.map { String(cString: $0) } ?? ""
    if path.isEmpty { return }
    self.frame.module = URL(fileURLWithPath: path).lastPathComponent
    self.frame.offset = place.offset
    if !symbol.isEmpty {
      let offset = String(place.symbolOffset, radix: 16, uppercase: true)
      self.frame.symbol = "\(SwiftSymbol.text(symbol))+0x\(offset)"
    }
  }

  private static let program: String = {
    let address = UInt64(UInt(bitPattern: fallibleCallHandler))
    return r3_native_place(address).file.map { String(cString: $0) } ?? ""
  }()

  var isOfProgram: Bool { path == Self.program || path.isEmpty }

  /// Of the Swift runtime or the host's C library.
  var isOfRuntime: Bool {
    let name = frame.module ?? ""
    return ["libswift", "lib_Swift", "libFoundation", "lib_Foundation", "libdispatch", "libc.so"]
      .contains { name.hasPrefix($0) }
  }

  /// Of the modules that a driver calls.
  var isOfSystem: Bool {
    ["$s12SwiftDrivers", "$s7Machine", "$s6Memory", "$s9Framework"]
      .contains { symbol.hasPrefix($0) }
  }
}
