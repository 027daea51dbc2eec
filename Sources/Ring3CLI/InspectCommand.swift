import ArgumentParser
import CRing3Exports
import DriverBuild
import Foundation
import PortableExecutable

/// `ring3 inspect`: what a driver is and what it needs.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows a driver's model, sections and imports.",
    discussion: """
      Each import is looked up among the functions that Ring3 implements. A driver with missing \
      imports loads all the same; calling one is a bug check that names it.
      """)

  @Argument(help: "The driver, a .sys file.", completion: .file(extensions: ["sys"]))
  var driver: String

  @Flag(name: [.short, .long], help: "List only the imports that are missing.")
  var missing = false

  @OptionGroup var reporting: OutputOptions

  func run() throws {
    let image: Image
    do {
      image = try Image(bytes: try readBytes())
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

  private func readBytes() throws -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: driver)))
    } catch {
      let reason =
        FileManager.default.fileExists(atPath: driver) ? "cannot be read" : "no such file"
      throw reporting.failure("inspect", "\(driver): \(reason). Give the path of a .sys file.")
    }
  }
}
