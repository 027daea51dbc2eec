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
    // Requests that are released wait for a while, in case somebody completes them again.
    if !machine.isHalted { machine.io.emptyQuarantine() }
    var leaks = LeakList(machine)
    let blocks = poolBlocks()
    addPool(blocks, to: &leaks)
    addRequests(blocks, to: &leaks)
    addObjects(blocks, to: &leaks)
    for stack in machine.runningTimerStacks { leaks.add(.timer, stack: stack) }
    for stack in machine.queuedWorkItemStacks { leaks.add(.workItem, stack: stack) }
    return LeakReport(leaks: leaks.sorted)
  }

  /// ``leakReport`` with source lines in the stacks, as far as they can be found.
  ///
  /// Runs `llvm-symbolizer`, like ``bugCheckWithSourceLines()``.
  public func leakReportWithSourceLines() -> LeakReport { addingSourceLines(to: leakReport) }

  /// A report of this kernel with source lines.
  public func addingSourceLines(to report: LeakReport) -> LeakReport {
    guard report.leaks.contains(where: { !$0.frames.isEmpty }) else { return report }
    let carriers = report.leaks.map {
      BugCheck(BugCheckCode(0), context: BugCheck.Context(frames: $0.frames))
    }
    var result = report
    for (index, carrier) in addingSourceLines(to: carriers).enumerated() {
      result.leaks[index].frames = carrier.context.frames
    }
    return result
  }

  private func addPool(_ blocks: [PoolBlock], to leaks: inout LeakList) {
    let system = systemTags
    for block in blocks where !system.contains(block.tag) {
      let isMdl = block.tag == Mdl.tag
      // What no driver asked for is the system's own.
      if block.allocated == 0, block.site == 0, !isMdl { continue }
      leaks.add(
        isMdl ? .mdl : .pool, PoolTag(rawValue: block.tag).description, stack: block.allocated,
        site: block.site, byteCount: block.byteCount)
    }
    for list in lookasideLists {
      leaks.add(.lookasideList, list.name, stack: list.initialized)
    }
  }

  private func addRequests(_ blocks: [PoolBlock], to leaks: inout LeakList) {
    var rest = ioFigures.irps
    for block in blocks where block.tag == PoolTag("Irp ").rawValue && block.allocated != 0 {
      leaks.add(.irp, stack: block.allocated)
      rest -= 1
    }
    // Those of programs, and all in a kernel that does not verify.
    leaks.add(.irp, count: rest)
    for process in machine.pageLockCallers {
      leaks.add(.lockedPage, addresses: process.callers.filter { $0 != 0 }, count: process.count)
    }
  }

  private func addObjects(_ blocks: [PoolBlock], to leaks: inout LeakList) {
    for object in objects where !Self.systemTypes.contains(object.type) {
      let stack = blocks.block(at: object.address)?.allocated ?? 0
      leaks.add(.object, object.type, object.path, stack: stack)
      leaks.add(.handle, object.type, object.path, stack: stack, count: object.handleCount)
    }
    for leak in self.leaks {
      leaks.add(.frameworkObject, leak.type, leak.parentPath, stack: leak.allocated)
    }
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
  private let machine: Machine
  private let images: [LoadedImage]
  private var byKey: [String: LeakReport.Leak] = [:]
  /// Stacks that were looked up.
  private var stacks: [StackNumber: [BugCheck.Frame]] = [:]

  init(_ machine: Machine) {
    self.machine = machine
    images = Images.known(in: machine)
  }

  var sorted: [LeakReport.Leak] {
    byKey.values.sorted { ($0.kind.rawValue, $0.key) < ($1.kind.rawValue, $1.key) }
  }

  /// Adds what was allocated by a stack, or at the one place that is known of it.
  mutating func add(
    _ kind: LeakReport.Kind, _ label: String = "", _ path: String = "", stack: StackNumber = 0,
    site: UInt64 = 0, addresses: [UInt64] = [], count: Int = 1, byteCount: Int = 0
  ) {
    guard count > 0 else { return }
    let places = stack != 0 || site == 0 ? addresses : [site]
    let frames =
      stack == 0 ? places.map { machine.frame($0, images, isFault: false) } : self.frames(stack)
    let leak = LeakReport.Leak(
      kind: kind, label: label, path: path, count: count, byteCount: byteCount, frames: frames)
    if byKey[leak.key] == nil {
      byKey[leak.key] = leak
    } else {
      byKey[leak.key]?.count += count
      byKey[leak.key]?.byteCount += byteCount
    }
  }

  private mutating func frames(_ stack: StackNumber) -> [BugCheck.Frame] {
    if let known = stacks[stack] { return known }
    let frames = machine.frames(stack, images)
    stacks[stack] = frames
    return frames
  }
}

extension [PoolBlock] {
  /// The block that an address lies in; they are in the order of their addresses.
  fileprivate func block(at address: UInt) -> PoolBlock? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let block = self[low - 1]
    return address < block.address + UInt(block.byteCount) ? block : nil
  }
}
