/// The parts of SARIF 2.1.0 that a report is written with; the names are the format's.
struct SarifLog: Encodable {
  var schema = "https://json.schemastore.org/sarif-2.1.0.json"
  var version = "2.1.0"
  var runs: [Run]

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  struct Run: Encodable {
    var tool: Tool
    var automationDetails: AutomationDetails
    var invocations: [Invocation]
    var originalUriBaseIds: [String: ArtifactLocation]
    var columnKind = "unicodeCodePoints"
    var results: [Result]
  }

  struct Tool: Encodable { var driver: Component }

  struct Component: Encodable {
    var name: String
    var semanticVersion: String
    var shortDescription: Message
    var rules: [Rule]
  }

  struct AutomationDetails: Encodable { var id: String }

  struct Invocation: Encodable {
    var executionSuccessful: Bool
    var startTimeUtc: String
    var endTimeUtc: String
    var workingDirectory: ArtifactLocation
  }

  struct Rule: Encodable {
    var id: String
    var name: String
    var shortDescription: Message
    var fullDescription: Message
    var help: Help
    var defaultConfiguration = Configuration()
    var properties: RuleProperties
  }

  struct Help: Encodable {
    var text: String
    var markdown: String
  }

  struct Configuration: Encodable { var level = "error" }

  struct RuleProperties: Encodable {
    var tags: [String]
    var precision = "very-high"
    var severity = "error"

    enum CodingKeys: String, CodingKey {
      case tags, precision
      case severity = "problem.severity"
    }
  }

  struct Message: Encodable { var text: String }

  struct Result: Encodable {
    var ruleId: String
    var ruleIndex: Int
    var level = "error"
    var message: Message
    var locations: [Location]
    var relatedLocations: [Location]?
    var codeFlows: [CodeFlow]?
    var stacks: [Stack]?
    var occurrenceCount: Int
    var partialFingerprints: [String: String]
    var properties: ResultProperties
  }

  /// What has no place of its own in the format.
  struct ResultProperties: Encodable {
    var code: String?
    var codeName: String?
    var parameters: [String]?
    var irql: String?
    var request: String?
    var scriptLine: Int?
  }

  struct Location: Encodable {
    var id: Int?
    var physicalLocation: PhysicalLocation?
    var logicalLocations: [LogicalLocation]?
    var message: Message?
  }

  struct PhysicalLocation: Encodable {
    var artifactLocation: ArtifactLocation
    var region: Region?
  }

  struct ArtifactLocation: Encodable {
    var uri: String
    var uriBaseId: String?
  }

  struct Region: Encodable { var startLine: Int }

  struct LogicalLocation: Encodable {
    var fullyQualifiedName: String
    var kind: String
  }

  struct CodeFlow: Encodable {
    var message: Message
    var threadFlows: [ThreadFlow]
  }

  struct ThreadFlow: Encodable { var locations: [ThreadFlowLocation] }

  struct ThreadFlowLocation: Encodable {
    var location: Location
    var nestingLevel: Int
    var importance: String
  }

  struct Stack: Encodable {
    var message: Message
    var frames: [StackFrame]
  }

  struct StackFrame: Encodable {
    var location: Location
    var module: String?
  }
}
