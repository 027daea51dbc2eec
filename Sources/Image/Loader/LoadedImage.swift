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
  var stubs: UnsafeMutableRawPointer { base + byteCount }

  /// Whether an address lies in the image.
  package func contains(_ address: UInt64) -> Bool {
    address &- UInt64(UInt(bitPattern: base)) < UInt64(byteCount)
  }

  /// Gives the memory back.
  func unmap() {
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
