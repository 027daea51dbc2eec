/// The command that runs an order of threads again.
struct ReplayCommand {
  /// The words of the command without the options on orders.
  private let words: [String]

  /// - Parameter arguments: those of the command line, the program's name first.
  init(of arguments: [String]) {
    var words: [String] = []
    var isValue = false
    for argument in arguments.dropFirst() {
      if isValue {
        isValue = false
        continue
      }
      let name = argument.prefix { $0 != "=" }
      if ["--schedules", "--schedule", "--jobs", "--timeout", "--report", "--report-format"]
        .contains(name)
      {
        isValue = name == argument
      } else if argument != "--json" {
        words.append(argument)
      }
    }
    self.words = words
  }

  /// The command for a seed.
  func text(_ seed: UInt64) -> String {
    let words = ["ring3"] + words + ["--schedule=\(seed)"]
    return words.map { $0.contains(where: { " '\\\"".contains($0) }) ? "'\($0)'" : $0 }
      .joined(separator: " ")
  }
}
