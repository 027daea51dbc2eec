import Ring3
import Synchronization

extension TestKernel {
  /// What a driver had left in pool when Driver Verifier stopped its unload; nil for any other bug
  /// check.
  ///
  /// The image is still there, so that the lines are known that asked for the blocks.
  func poolAtUnload(_ bugCheck: BugCheck) -> [Finding]? {
    guard bugCheck.code.rawValue == 0xC4, bugCheck.parameter1 == 0x62 else { return nil }
    let known = Set(before.blocks)
    let blocks = kernel.poolBlocks().filter { $0.site != 0 && !known.contains($0) }
    let frames = Dictionary(
      zip(blocks.map(\.site), kernel.frames(of: blocks.map(\.site))), uniquingKeysWith: { $1 })
    let name = bugCheck.context.subject ?? "The driver"
    let left = blocks.filter { frames[$0.site]?.module == name }
    guard !left.isEmpty else { return nil }
    return PoolReport.findings(left, of: name) { block in
      frames[block.site].map { Self.place($0) }
    }
  }

  /// The lookaside list that Driver Verifier found in the image of an unloaded driver; nil for any
  /// other bug check.
  func listAtUnload(_ bugCheck: BugCheck) -> [Finding]? {
    guard bugCheck.code == .timerOrDPCInvalid, bugCheck.parameter1 == 0 else { return nil }
    let lists = state.withLock { $0.lists }
    guard let list = lists.first(where: { UInt64($0.address) == bugCheck.parameter2 }) else {
      return nil
    }
    return [Finding(list, of: bugCheck.context.subject ?? "The driver")]
  }

  /// `Keep (echo.c:35)`, or what is known of a place in a driver.
  private static func place(_ frame: BugCheck.Frame) -> String {
    if let place = frame.places.first {
      let file = place.file.split { $0 == "/" || $0 == "\\" }.last ?? ""
      return "\(place.function) (\(file):\(place.line))"
    }
    let offset = frame.offset.map { "+0x" + String($0, radix: 16, uppercase: true) } ?? ""
    return frame.symbol ?? (frame.module ?? "?") + offset
  }
}

/// Blocks of pool that were left, told by tag, size and place.
enum PoolReport {
  /// A finding for each tag.
  ///
  /// - Parameters:
  ///   - blocks: what is left.
  ///   - name: whose it is.
  ///   - place: where in the driver a block was asked for; nil when that is not known.
  static func findings(
    _ blocks: [PoolBlock], of name: String, place: (PoolBlock) -> String? = { _ in nil }
  ) -> [Finding] {
    Dictionary(grouping: blocks, by: \.tag).sorted { $0.key < $1.key }.map { tag, blocks in
      let tag = PoolTag(rawValue: tag)
      let sum = blocks.reduce(0) { $0 + $1.byteCount }
      let lines = Dictionary(grouping: blocks) { line($0, place($0)) }
        .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        .map { "  \($0.value.count) × \($0.key)" }
      let text =
        "\(name) left \(count(blocks.count, "block")) of pool, \(count(sum, "byte")), with the tag '\(tag)':"
      return Finding(.poolBlocks(tag), ([text] + lines).joined(separator: "\n"))
    }
  }

  private static func line(_ block: PoolBlock, _ place: String?) -> String {
    let kind =
      switch block.kind {
      case .nonpaged: "nonpaged"
      case .nonpagedExecutable: "nonpaged executable"
      case .paged: "paged"
      }
    return "\(count(block.byteCount, "byte")), \(kind)"
      + (place.map { ", asked for in \($0)" } ?? "")
  }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)" + (count == 1 ? "" : "s")
  }
}
