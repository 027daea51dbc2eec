import ArgumentParser
import NTTypes

/// What a command checks of drivers.
struct VerifierOptions: ParsableArguments {
  @Option(
    name: .customLong("verify"),
    help: ArgumentHelp(
      "Check what Driver Verifier checks: --verify alone the standard classes, --verify=CLASS,... "
        + "those that are named of \(Self.words).", valueName: "class,..."),
    transform: Self.classes)
  var verify: [VerifierClasses] = []

  /// The classes of all the options.
  var classes: VerifierClasses { verify.reduce([]) { $0.union($1) } }

  private static let words = (["standard"] + VerifierClasses.words.map(\.word))
    .joined(separator: ", ")

  /// The classes of words with commas between them.
  static func classes(_ text: String) throws -> VerifierClasses {
    try text.split(separator: ",", omittingEmptySubsequences: false).reduce(into: []) {
      classes, word in
      guard let known = VerifierClasses(word: word) else {
        throw ValidationError("'\(word)' is no class of checks. Classes are \(words).")
      }
      classes.formUnion(known)
    }
  }

  /// `--verify` alone as `--verify=standard`: the parser has no option whose value may be left out.
  static func normalized(_ argument: String) -> String {
    argument == "--verify" ? "--verify=standard" : argument
  }
}
