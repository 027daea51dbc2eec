import ArgumentParser
import NTTypes

/// What a command checks of drivers.
struct VerifierOptions: ParsableArguments {
  @Option(
    name: .customLong("verify"),
    help: ArgumentHelp(
      """
      Check what Driver Verifier checks: --verify alone the standard classes, --verify=CLASS,... \
      those that are named of \(VerifierOptions.words).
      """, valueName: "class,..."),
    transform: VerifierOptions.classes(of:))
  var verify: [VerifierClasses] = []

  /// The classes of all the options.
  var classes: VerifierClasses { verify.reduce([]) { $0.union($1) } }

  private static let words = (["standard"] + VerifierClasses.words.map(\.word))
    .joined(separator: ", ")

  /// The classes of words with commas between them.
  static func classes(of text: String) throws -> VerifierClasses {
    var classes: VerifierClasses = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let known = VerifierClasses(word: word) else {
        throw ValidationError("'\(word)' is no class of checks. Classes are \(words).")
      }
      classes.formUnion(known)
    }
    return classes
  }

  /// `--verify` alone as `--verify=standard`: the parser has no option whose value may be left out.
  static func normalized(_ argument: String) -> String {
    argument == "--verify" ? "--verify=standard" : argument
  }
}
