import Ring3

/// A device whose files count what comes through them.
final class FileDriver: SwiftDriver {
  /// What hangs on each open.
  final class Session: Sendable {
    let count = SpinLocked(0)
    let journal: Journal

    init(_ journal: Journal) { self.journal = journal }

    deinit { journal.note("session ends") }
  }

  init(_ driver: DriverObject) throws {
    let journal = try Journal(driver)
    let device = try driver.makeControlDevice(named: #"\Device\Files"#, link: #"\??\Files"#) {
      setup in
      setup.setFiles { files in
        files.onCreate { request, file in
          journal.note("create \(file.name) \(CurrentLevel.irql)")
          if file.name == #"\closed"# { throw NTStatus.accessDenied }
          try file.attach(Session(journal))
          request.complete()
        }
        files.onCleanup { file in
          journal.note("cleanup \(file.attached(as: Session.self)?.count.withLock { $0 } ?? -1)")
        }
        files.onClose { _ in journal.note("close") }
      }
    }
    try device.makeQueue(.parallel) { queue in
      queue.onWrite { request in
        guard let file = request.file, let session = file.attached(as: Session.self) else {
          throw NTStatus.invalidHandle
        }
        let count = request.length
        session.count.withLock { $0 += count }
        guard Self.isFull(file, journal) else { throw NTStatus.internalError }
        request.complete(information: file.attached(as: Journal.self) == nil ? 1 : 2)
      }
    }
  }
  /// Whether a second object is refused.
  private static func isFull(_ file: FileObject, _ journal: Journal) -> Bool {
    do throws(NTStatus) {
      try file.attach(Session(journal))
      return false
    } catch {
      return error == .objectNameCollision
    }
  }
}
