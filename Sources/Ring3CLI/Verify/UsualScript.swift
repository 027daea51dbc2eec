import Ring3
import Script

/// What is done to a driver without a script: each of its devices is opened, read, written and closed.
enum UsualScript {
  static func actions(for kernel: Kernel) -> [Action] {
    paths(in: kernel).flatMap { path in
      [
        action(.open(path: path, handle: nil, access: .readWrite), "open \(path)"),
        action(send(.read(.length(64), offset: nil)), "read 64"),
        action(send(.write(.data(.fill(byte: 0x61, count: 64)), offset: nil)), "write fill:61:64"),
        action(.close(handle: nil), "close"),
      ]
    }
  }

  private static func send(_ operation: ScriptRequest.Operation) -> Action.Kind {
    .send(ScriptRequest(handle: nil, operation: operation), isAsynchronous: false)
  }

  private static func action(_ kind: Action.Kind, _ text: String) -> Action {
    Action(kind: kind, line: 0, text: text)
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
