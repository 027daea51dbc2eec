import ArgumentParser
import CRing3Exports
import DriverBuild
import Foundation
import PortableExecutable
import Ring3

/// `ring3 inspect`: what a driver is and what it needs.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows a driver's model, sections and imports.",
    discussion: """
      Each import is looked up among the functions that Ring3 implements. A driver with missing \
      imports loads all the same; calling one is a bug check that names it. Source is built first. A \
      driver in Swift has no imports: shown is the type that is the driver.
      """)

  @Argument(
    help: "The driver: a .sys file, or source as build takes it.",
    completion: .file(extensions: ["sys", "so", "c", "cpp", "cxx", "cc", "vcxproj", "swift"]))
  var driver: String

  @Flag(name: [.short, .long], help: "List only the imports that are missing.")
  var missing = false

  @OptionGroup var build: BuildOptions
  @OptionGroup var reporting: OutputOptions

  func run() throws {
    do {
      switch try file() {
      case .image(let path): try report(image: path)
      case .library(let path, let source): try report(library: path, of: source)
      }
    } catch let error as BuildError {
      throw reporting.failure("build", error.message, diagnostics: error.diagnostics)
    }
  }

  /// What is inspected; a name that says nothing is taken for an image.
  private func file() throws -> DriverFile {
    DriverFile.isDriver(driver) ? try DriverFile(driver, build) : .image(path: driver)
  }

  private func report(library: String, of source: String) throws {
    let inspection: SwiftInspection
    do {
      inspection = try SwiftInspection(path: source, library: library)
    } catch {
      throw reporting.failure("inspect", error.description)
    }
    if reporting.json {
      reporting.printJSON(inspection)
    } else {
      print(inspection.text)
    }
  }

  private func report(image path: String) throws {
    let image: Image
    do {
      image = try Image(bytes: try bytes(of: path))
    } catch let error as ImageError {
      throw reporting.failure("inspect", "\(driver): \(error)")
    }
    let inspection = Inspection(path: driver, image: image)
    if reporting.json {
      reporting.printJSON(inspection)
    } else {
      print(inspection.text(missingOnly: missing))
    }
  }

  private func bytes(of path: String) throws -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      let reason =
        FileManager.default.fileExists(atPath: path) ? "cannot be read" : "no such file"
      throw reporting.failure("inspect", "\(path): \(reason). Give the path of a .sys file.")
    }
  }
}
