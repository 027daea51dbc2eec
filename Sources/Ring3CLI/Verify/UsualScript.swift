import Ring3
import Script

/// What is done to a driver without a script: each of its devices is opened, read, written and closed.
enum UsualScript {
  static func actions(for kernel: Kernel) -> [Action] {
    let lines = paths(in: kernel).flatMap { path in
      ["open \(path)", "read 64", "write fill:61*64", "close"]
    }
    return (try? Script(lines.joined(separator: "\n")).actions) ?? []
  }

  /// The symbolic links that a program can open, and the interfaces, as far as there are any.
  private static func paths(in kernel: Kernel) -> [String] {
    let folder = #"\GLOBAL??\"#
    let links = kernel.objects.filter { $0.type == "SymbolicLink" }.map(\.path)
    return links.filter { $0.hasPrefix(folder) && !$0.contains(" ") }.sorted().map {
      #"\\.\"# + $0.dropFirst(folder.count)
    }
  }
}
