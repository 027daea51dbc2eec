import ArgumentParser
import Foundation

/// The command line: words for the layers below.
@main
struct Ring3Command: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ring3",
    abstract: "Runs Windows drivers in user mode on Linux.",
    discussion: """
      Exit status: 0 done; 1 an expectation failed; 2 wrong usage, or a file that cannot be read, \
      built or loaded; 3 the driver bug-checked or the verifier found something.
      """,
    subcommands: [
      BuildCommand.self, InspectCommand.self, RunCommand.self, VerifyCommand.self,
      ExplainCommand.self,
      DemoCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot(normalized(Array(CommandLine.arguments.dropFirst())))
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      printError("error: " + failure.message)
      Foundation.exit(failure.status)
    } catch {
      let code = exitCode(for: error)
      guard code == .validationFailure else { exit(withError: error) }
      printError(fullMessage(for: error))
      Foundation.exit(CommandFailure.unusable)
    }
  }

  /// Words as the parser understands them: `-DNAME=VALUE` as two, for it would take `DNAME` for the
  /// option's name, and `--verify` with its value.
  private static func normalized(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    let options = arguments[..<end].flatMap { argument -> [String] in
      let letter = argument.prefix(2)
      guard letter == "-D" || letter == "-I", argument.count > 2 else {
        return [VerifierOptions.normalized(argument)]
      }
      return [String(letter), String(argument.dropFirst(2))]
    }
    return options + arguments[end...]
  }
}
