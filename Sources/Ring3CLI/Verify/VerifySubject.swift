import Foundation
import Ring3
import Script

/// What `ring3 verify` runs: the same in every run.
struct VerifySubject: Sendable {
  /// A driver, read once.
  enum Driver: Sendable {
    case image(name: String, path: String, bytes: [UInt8])
    case library(path: String)

    init(_ file: DriverFile) throws {
      switch file {
      case .image(let path):
        guard let data = FileManager.default.contents(atPath: path) else {
          throw CommandFailure(message: "\(path): cannot be read. Does the file exist?")
        }
        self = .image(
          name: URL(fileURLWithPath: path).lastPathComponent, path: path, bytes: Array(data))
      case .library(let path, _): self = .library(path: path)
      }
    }

    /// The file that was read.
    var path: String {
      switch self {
      case .image(_, let path, _), .library(let path): path
      }
    }

    func load(in kernel: Kernel) throws(DriverLoadError) -> Ring3.Driver {
      switch self {
      case .image(let name, let path, let bytes):
        try kernel.load(bytes: bytes, name: name, path: path)
      case .library(let path): try kernel.load(library: path)
      }
    }
  }

  let drivers: [Driver]
  /// The script; nil without one.
  let actions: [Action]?
  let hardwareID: String
  let hardware: SimulatedHardware?
  let configuration: Configuration

  /// The path of the image or library of that name.
  func path(of module: String) -> String? {
    drivers.lazy.map(\.path).first { URL(fileURLWithPath: $0).lastPathComponent == module }
  }
}
