import Memory
import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import PortableExecutable

/// An image in the RAM of a machine, relocated and bound.
package final class LoadedImage: @unchecked Sendable {
  package let name: String
  /// Where the file came from; for symbols.
  package let path: String?
  package let image: PortableExecutable.Image
  package let machine: Machine
  /// First frame; the pages of the image and, behind them, those of the stubs.
  let firstFrame: FrameNumber
  let pageCount: Int
  let stubPageCount: Int
  /// Names of imports that nobody implements, for their stubs.
  var missingNames: [UnsafeMutablePointer<CChar>] = []
  /// Imports that will stop the machine when they are called.
  package internal(set) var missing: [String] = []
  package var driver: DriverPointer?
  /// What DriverSection of the driver object leads to; the driver may write to both.
  var module: ModuleEntry?
  /// The images that imports of this one lead to; each stays until this one goes.
  private(set) var used: [LoadedImage] = []
  /// Number of images whose imports lead here.
  private(set) var userCount = 0
  /// The driver is unloaded; its image stays as long as others use it.
  var isUnloaded = false
  /// The image was not loaded as a driver: others import from it, and it goes with the last of them.
  var isLibrary = false

  init(
    name: String, path: String?, image: PortableExecutable.Image, machine: Machine,
    firstFrame: FrameNumber, pageCount: Int, stubPageCount: Int
  ) {
    self.name = name
    self.path = path
    self.image = image
    self.machine = machine
    self.firstFrame = firstFrame
    self.pageCount = pageCount
    self.stubPageCount = stubPageCount
  }

  package var base: UnsafeMutableRawPointer { machine.state.pointee.memory.address(of: firstFrame) }
  package var byteCount: Int { pageCount << pageShift }
  /// The place for what the next stub needs in a machine with a schedule; while imports are bound.
  lazy var scheduledExports = stubs
  var stubs: UnsafeMutableRawPointer { base + byteCount }
  var importCount: Int { image.imports.reduce(0) { $0 + $1.imports.count } }

  /// Whether an address lies in the image.
  package func contains(_ address: UInt64) -> Bool {
    address &- UInt64(UInt(bitPattern: base)) < UInt64(byteCount)
  }

  /// Keeps an image that an import leads to.
  func use(_ other: LoadedImage) {
    guard other !== self, !used.contains(where: { $0 === other }) else { return }
    other.userCount += 1
    used.append(other)
  }

  /// Lets the images go that imports lead to; gives those that nobody needs any more.
  func letGoOfUsed() -> [LoadedImage] {
    for other in used { other.userCount -= 1 }
    defer { used = [] }
    return used.filter { ($0.isUnloaded || $0.isLibrary) && $0.userCount == 0 }
  }

  /// A text for a verdict, which lives as long as the image's place.
  func keep(_ text: String) -> UnsafePointer<CChar>? {
    guard let copy = strdup(text) else { return nil }
    missingNames.append(copy)
    return UnsafePointer(copy)
  }

  /// Has every access to the image fault.
  func close() {
    forgetPageableSections()
    mprotect(base, (pageCount + stubPageCount) << pageShift, PROT_NONE)
  }

  private func forgetPageableSections() {
    let start = UInt(bitPattern: base)
    machine.pageableSections?.pointee.remove(in: start..<(start + UInt(byteCount)))
  }

  /// Gives the memory back.
  func unmap() {
    forgetPageableSections()
    forgetSanitizer()
    mprotect(base, (pageCount + stubPageCount) << pageShift, PROT_READ | PROT_WRITE)
    for frame in firstFrame..<(firstFrame + pageCount + stubPageCount) {
      machine.releaseFrame(frame)
    }
    for name in missingNames { free(name) }
    missingNames = []
  }
}

/// Why an image could not be loaded.
public struct LoadError: Error, CustomStringConvertible, Sendable {
  /// The image.
  public let name: String
  /// What is wrong, and what to do about it.
  public let reason: String

  public var description: String { "\(name): \(reason)" }
}
