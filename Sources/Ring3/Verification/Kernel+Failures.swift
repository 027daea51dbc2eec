import Image
import Machine
import NTTypes

extension Kernel {
  /// The places in drivers at which something was asked for that may fail, the first one first: with
  /// `lowResources` of the configuration.
  ///
  /// Modules and functions are known of drivers that are still loaded. ``addingSourceLines(to:)->BugCheck``
  /// finds the lines.
  public var failureSites: [FailureSite] {
    let images = Images.loaded(in: machine)
    return machine.failureRecords.map { record in
      FailureSite(
        identifier: record.identifier, routine: String(cString: record.routine),
        tag: record.tag == 0 ? nil : PoolTag(rawValue: record.tag), callCount: record.callCount,
        failureCount: record.failureCount,
        frames: (0..<record.frameCount).map {
          machine.frame(record.frames[$0], images, isFault: false)
        })
    }
  }
}
