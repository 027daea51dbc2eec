import Foundation
import Glibc

/// A tool that was started, with its output going to a file.
struct ToolProcess {
  /// What a tool left behind.
  struct Result {
    var status: Int32
    var output: String
    var isSuccess: Bool { status == 0 }
  }

  private let process: pid_t
  private let outputPath: String

  /// Starts a tool; standard output and standard error go to one file.
  ///
  /// Files need nobody who reads while the tool runs, as pipes do.
  init(_ tool: String, _ arguments: [String], outputPath: String) throws(BuildError) {
    self.outputPath = outputPath
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    // The tools take the working directory from PWD: a symbolic link there would defeat the overlay.
    var environment = ProcessInfo.processInfo.environment
    environment["PWD"] = FileManager.default.currentDirectoryPath
    for name in ["INCLUDE", "LIB", "CL", "LINK", "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH"] {
      environment[name] = nil
    }
    var argv = ([tool] + arguments).map { strdup($0) } + [nil]
    var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, tool, &actions, &attributes, &argv, &envp)
    guard status == 0 else {
      throw BuildError(
        .toolchainMissing, "\(tool): cannot be started: \(String(cString: strerror(status))).")
    }
    process = child
  }

  /// Waits for the end of the tool.
  func wait() -> Result {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let output = text(of: outputPath) ?? ""
    unlink(outputPath)
    let signal = status & 0x7F
    return Result(status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, output: output)
  }
}
