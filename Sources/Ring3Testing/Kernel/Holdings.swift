import Ring3

/// What a kernel holds at one moment, for comparison with another.
struct Holdings: Sendable {
  let blocks: [PoolBlock]
  let lists: [LookasideUsage]
  /// Number of objects by type and path.
  let objects: [String: [String: Int]]
  let figures: IOFigures
  let report: LeakReport

  init(_ kernel: Kernel) {
    report = kernel.leakReport
    blocks = kernel.poolBlocks()
    lists = kernel.lookasideLists
    figures = kernel.ioFigures
    var objects: [String: [String: Int]] = [:]
    for object in kernel.objects {
      objects[object.type, default: [:]][object.path, default: 0] += 1
    }
    self.objects = objects
  }

  /// What there is more than before.
  ///
  /// - Parameters:
  ///   - before: what there was.
  ///   - owner: whose the rest is.
  ///   - isUnloaded: whether all drivers are gone; else pool and objects are theirs by right.
  func leftovers(
    since before: Holdings, of owner: String, isUnloaded: Bool, in kernel: Kernel
  ) -> [Finding] {
    let stacks = StacksLeft(report.subtracting(before.report), in: kernel)
    var findings = figureFindings(before.figures).map(stacks.adding)
    guard isUnloaded else { return findings }
    let known = Set(before.blocks)
    let system = systemTags
    let left = blocks.filter { !known.contains($0) && !system.contains($0.tag) }
    findings += PoolReport.findings(left, of: owner)
    findings += listFindings(before).map(stacks.adding)
    findings += objectFindings(before).map(stacks.adding)
    findings += stacks.waiting
    return findings
  }

  /// Tags under which the system keeps what it counts otherwise, or keeps for its own use: IRPs and
  /// MDLs, names, and objects, whose tags are the beginnings of their types.
  private var systemTags: Set<UInt32> {
    let fixed: [PoolTag] = ["Irp ", "Mdl ", "ObNm", "IoDr", "IoNm", "IoSd", "Stub"]
    let types = objects.keys.compactMap { PoolTag(text: $0.prefix(4)) }
    return Set((fixed + types).map(\.rawValue))
  }

  private func figureFindings(_ before: IOFigures) -> [Finding] {
    var findings: [Finding] = []
    func compare(_ kind: Finding.Kind, _ noun: String, _ figure: KeyPath<IOFigures, Int>) {
      let count = figures[keyPath: figure] - before[keyPath: figure]
      if count > 0 { findings.append(Finding(kind, "\(noun) that were not freed: \(count).")) }
    }
    compare(.irps, "IRPs", \.irps)
    compare(.mdls, "MDLs", \.mdls)
    compare(.mdls, "Pages locked by MDLs", \.lockedPages)
    compare(.mdls, "Mappings of MDLs into system space", \.mappings)
    return findings
  }

  private func listFindings(_ before: Holdings) -> [Finding] {
    let known = Set(before.lists.map(\.address))
    return lists.filter { !known.contains($0.address) }.map { Finding($0) }
  }

  /// The driver object of the system's own, which comes with the first device.
  private static let manager = #"\Driver\PnpManager"#

  private func objectFindings(_ before: Holdings) -> [Finding] {
    objects.sorted { $0.key < $1.key }.flatMap { type, paths in
      paths.sorted { $0.key < $1.key }.compactMap { path, count in
        let more = count - (before.objects[type]?[path] ?? 0)
        guard more > 0, path != Self.manager else { return nil }
        let name = path.isEmpty ? "without a name" : path
        return Finding(.object(type), "Objects of the type \(type) that are left: \(more) \(name).")
      }
    }
  }
}
