import Ring3

/// What a kernel holds, for comparison: the one place that says what a driver has left.
struct Remainders: Sendable {
  private let blocks: Set<PoolBlock>
  private let lists: Set<UInt>
  private let objects: [String: [String: Int]]
  private let figures: IOFigures

  init(_ kernel: Kernel) {
    blocks = Set(kernel.poolBlocks())
    lists = Set(kernel.lookasideLists.map { UInt($0.address) })
    figures = kernel.ioFigures
    objects = Self.objects(in: kernel)
  }

  private static func objects(in kernel: Kernel) -> [String: [String: Int]] {
    var objects: [String: [String: Int]] = [:]
    for object in kernel.objects {
      objects[object.type, default: [:]][object.path, default: 0] += 1
    }
    return objects
  }

  /// What there is in the kernel now, after all drivers are gone, and was not there before.
  func since(in kernel: Kernel) -> [VerifyOutcome.Remainder] {
    let now = Self.objects(in: kernel)
    return blocks(in: kernel, besides: systemTags(now)) + lists(in: kernel)
      + figures(kernel.ioFigures) + objects(now)
      + kernel.leaks.map { VerifyOutcome.Remainder(text: "\($0)") }
  }

  /// The blocks of pool that a driver has not freed.
  func blocks(in kernel: Kernel, besides tags: Set<UInt32> = []) -> [VerifyOutcome.Remainder] {
    let left = kernel.poolBlocks().filter { !blocks.contains($0) && !tags.contains($0.tag) }
    guard !left.isEmpty else { return [] }
    // The stacks that were noted name the code even when its image is gone.
    let known = Dictionary(
      kernel.failureSites.compactMap { $0.frames.first }.map { ($0.address, $0) },
      uniquingKeysWith: { first, _ in first })
    return left.map { block in
      VerifyOutcome.Remainder(
        text: "\(block.byteCount) bytes of pool with the tag '\(PoolTag(rawValue: block.tag))'",
        frame: known[block.site] ?? (block.site == 0 ? nil : BugCheck.Frame(address: block.site)))
    }
  }

  /// Tags of what is counted otherwise, or kept by the system for itself.
  private func systemTags(_ objects: [String: [String: Int]]) -> Set<UInt32> {
    let fixed: [PoolTag] = ["Irp ", "Mdl ", "ObNm", "IoDr", "IoNm", "IoSd", "Stub"]
    return Set((fixed + objects.keys.compactMap { PoolTag(text: $0.prefix(4)) }).map(\.rawValue))
  }

  private func lists(in kernel: Kernel) -> [VerifyOutcome.Remainder] {
    kernel.lookasideLists.filter { !lists.contains(UInt($0.address)) }.map {
      VerifyOutcome.Remainder(
        text: "a lookaside list of \($0.entryByteCount) bytes an entry, with the tag '\($0.name)'")
    }
  }

  private func figures(_ now: IOFigures) -> [VerifyOutcome.Remainder] {
    let nouns: [(String, KeyPath<IOFigures, Int>)] = [
      ("IRPs", \.irps), ("MDLs", \.mdls), ("locked pages", \.lockedPages),
      ("mappings of MDLs", \.mappings),
    ]
    return nouns.compactMap { noun, figure in
      let count = now[keyPath: figure] - figures[keyPath: figure]
      return count > 0 ? VerifyOutcome.Remainder(text: "\(noun): \(count)") : nil
    }
  }

  private func objects(_ now: [String: [String: Int]]) -> [VerifyOutcome.Remainder] {
    now.sorted { $0.key < $1.key }.flatMap { type, paths in
      paths.sorted { $0.key < $1.key }.compactMap { path, count in
        let more = count - (objects[type]?[path] ?? 0)
        // The driver object of the system's own comes with the first device.
        guard more > 0, path != #"\Driver\PnpManager"# else { return nil }
        return VerifyOutcome.Remainder(
          text: "objects of the type \(type): \(more) \(path.isEmpty ? "without a name" : path)")
      }
    }
  }
}
