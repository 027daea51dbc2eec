import Foundation
import FoundationXML

/// A form in which a report is written.
public enum ReportFormat: String, CaseIterable, Sendable {
  /// For people at a terminal.
  case text
  /// The ``RunReport`` itself.
  case json
  /// JUnit XML, for continuous integration: each action is a test case.
  case junit
  /// SARIF 2.1.0, for pages that show findings at lines of the sources.
  case sarif
  /// One page for a browser, which needs no other file.
  case html

  /// The format that the ending of a file name stands for; nil for another ending.
  public init?(path: String) {
    let name = path.lowercased()
    let endings: [(String, ReportFormat)] = [
      (".sarif.json", .sarif), (".sarif", .sarif), (".json", .json), (".xml", .junit),
      (".html", .html), (".htm", .html), (".txt", .text),
    ]
    guard let found = endings.first(where: { name.hasSuffix($0.0) }) else { return nil }
    self = found.1
  }

  /// A report in this format, in UTF-8.
  ///
  /// - Parameters:
  ///   - report: what is written.
  ///   - root: the folder that paths of sources are shown relative to: where the sources' repository is.
  public func data(of report: RunReport, root: String) throws -> Data {
    switch self {
    case .text: Data(TextReport.text(of: report).utf8)
    case .json: try JSONReport.data(of: report)
    case .junit: JUnitReport.document(of: report).xmlData(options: .nodePrettyPrint)
    case .sarif: try SarifReport.data(of: report, root: SourceRoot(root))
    case .html: Data(try HtmlReport.text(of: report, root: SourceRoot(root)).utf8)
    }
  }
}
