import Framework
import IOManager
import Image
import Machine
import Memory
import NTTypes
import Objects

extension Kernel {
  /// What drivers hold now, joined by kind, pool tag or type, path and allocation stack.
  ///
  /// While drivers are loaded that is what they use; what is there after they are unloaded is left for
  /// ever. Two reports are compared with ``LeakReport/subtracting(_:)``. To be asked for while no other thread
  /// is inside the kernel.
  public var leakReport: LeakReport {
    var leaks = LeakList()
    addPool(to: &leaks)
    addRequests(to: &leaks)
    addObjects(to: &leaks)
    addTimers(to: &leaks)
    return LeakReport(leaks: leaks.sorted)
  }

  private func addPool(to leaks: inout LeakList) {
    let images = Images.known(in: machine)
    var stacks: [StackNumber: [BugCheck.Frame]] = [:]
    let system = systemTags
    for block in poolBlocks() where !system.contains(block.tag) {
      let frames = stacks[block.allocated] ?? machine.frames(of: block, images)
      stacks[block.allocated] = frames
      let isMdl = block.tag == Mdl.tag
      // What no driver asked for is the system's own.
      if frames.isEmpty, !isMdl { continue }
      leaks.add(
        isMdl ? .mdl : .pool, PoolTag(rawValue: block.tag).description, frames: frames,
        byteCount: block.byteCount)
    }
    for list in lookasideLists {
      leaks.add(.lookasideList, list.name, frames: [])
    }
  }

  private func addRequests(to leaks: inout LeakList) {
    leaks.add(.irp, count: ioFigures.irps)
    for process in machine.pageLockCallers {
      let frames = process.callers.filter { $0 != 0 }.map {
        machine.frame($0, Images.known(in: machine), isFault: false)
      }
      leaks.add(.lockedPage, frames: frames, count: process.count)
    }
  }

  private func addObjects(to leaks: inout LeakList) {
    for object in objects where !Self.systemTypes.contains(object.type) {
      leaks.add(.object, object.type, object.path)
      leaks.add(.handle, object.type, object.path, count: object.handleCount)
    }
    for leak in self.leaks {
      leaks.add(.frameworkObject, leak.type, leak.parentPath)
    }
  }

  private func addTimers(to leaks: inout LeakList) {
    leaks.add(.timer, count: machine.runningTimerCount)
    leaks.add(.workItem, count: machine.queuedWorkItemCount)
  }

  /// Types whose objects the system makes for itself.
  private static let systemTypes: Set<String> = ["Directory", "Type", "Process", "Thread"]

  /// Tags under which the system keeps what is told as objects and requests, or keeps for itself.
  private var systemTags: Set<UInt32> {
    let fixed: [PoolTag] = ["Irp ", "ObNm", "IoDr", "IoNm", "IoSd", "Stub"]
    let types = objects.compactMap { PoolTag(text: $0.type.prefix(4)) }
    return Set((fixed + types).map(\.rawValue))
  }
}

/// Leaks, joined as they come.
private struct LeakList {
  private var byKey: [String: LeakReport.Leak] = [:]

  var sorted: [LeakReport.Leak] {
    byKey.values.sorted { ($0.kind.rawValue, $0.key) < ($1.kind.rawValue, $1.key) }
  }

  mutating func add(
    _ kind: LeakReport.Kind, _ label: String = "", _ path: String = "",
    frames: [BugCheck.Frame] = [], count: Int = 1, byteCount: Int = 0
  ) {
    guard count > 0 else { return }
    let leak = LeakReport.Leak(
      kind: kind, label: label, path: path, count: count, byteCount: byteCount, frames: frames)
    if byKey[leak.key] == nil {
      byKey[leak.key] = leak
    } else {
      byKey[leak.key]?.count += count
      byKey[leak.key]?.byteCount += byteCount
    }
  }
}

extension Machine {
  /// The stack that asked for a block, or the one place that is known of it.
  fileprivate func frames(of block: PoolBlock, _ images: [LoadedImage]) -> [BugCheck.Frame] {
    if block.allocated != 0 { return frames(block.allocated, images) }
    return block.site == 0 ? [] : [frame(block.site, images, isFault: false)]
  }
}
