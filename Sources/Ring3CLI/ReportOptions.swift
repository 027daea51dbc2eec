import ArgumentParser
import Foundation
import Reports

/// The files that a command writes its report to.
struct ReportOptions: ParsableArguments {
  @Option(
    name: .customLong("report"),
    help: ArgumentHelp(
      "Write a report to a file: .txt, .json, .xml (JUnit), .sarif or .html. May be given more than once.",
      valueName: "file"),
    completion: .file())
  var files: [String] = []

  @Option(
    name: .customLong("report-format"),
    help: ArgumentHelp(
      "The form of the reports, whatever their files' endings.",
      valueName: ReportFormat.allCases.map(\.rawValue).joined(separator: "|")))
  var format: ReportFormat?

  func validate() throws {
    for file in files where format == nil && ReportFormat(path: file) == nil {
      throw ValidationError(
        "\(file): the ending says no form of report. Use .txt, .json, .xml, .sarif or .html, or "
          + "name the form with --report-format.")
    }
    guard format == nil || !files.isEmpty else {
      throw ValidationError("--report-format needs --report and a file.")
    }
  }

  /// Writes a report to each file, with paths of sources relative to the folder of the run.
  func write(_ report: RunReport) throws {
    let root = FileManager.default.currentDirectoryPath
    for file in files {
      guard let format = format ?? ReportFormat(path: file) else { continue }
      do {
        try format.data(of: report, root: root).write(to: URL(fileURLWithPath: file))
      } catch {
        throw CommandFailure(
          message: "\(file): the report cannot be written: \(error.localizedDescription)")
      }
    }
  }
}

extension ReportFormat: ExpressibleByArgument {}
