import Image
import Machine
import NTTypes

extension Kernel {
  /// The places in drivers at which something was asked for that may fail, the first one first: with
  /// `lowResources` of the configuration.
  ///
  /// With modules and functions. ``frames(of:)`` finds the lines.
  public var failureSites: [FailureSite] { failureSites(except: []) }

  /// The sites without those with these identifiers, the first one first.
  ///
  /// What a run of many sites costs is to describe them: a run that is like another one leaves out those
  /// that are known.
  public func failureSites(except known: Set<FailureSite.ID>) -> [FailureSite] {
    let images = Images.known(in: machine)
    return machine.failureRecords.filter { !known.contains($0.identifier) }.map { record in
      FailureSite(
        identifier: record.identifier, routine: String(cString: record.routine),
        tag: record.tag == 0 ? nil : PoolTag(rawValue: record.tag),
        firstCall: record.firstCall, callCount: record.callCount,
        failureCount: record.failureCount, frames: machine.siteFrames(record.stack, images))
    }
  }

  /// How many calls have failed, over all sites.
  public var failureCount: Int { machine.failureRecords.reduce(0) { $0 + $1.failureCount } }
}
