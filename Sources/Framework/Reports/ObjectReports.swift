import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

/// A moment by the processor's count and by the host's steady clock.
struct TimePair {
  let count = r3_timestamp()
  let nanoseconds: UInt64 = {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }()

  /// How long before this moment the processor's count was `earlier`; `start` gives the rate.
  func age(of earlier: UInt64, since start: TimePair) -> Duration {
    guard count > earlier, count > start.count else { return .zero }
    let rate = Double(nanoseconds - start.nanoseconds) / Double(count - start.count)
    return .nanoseconds(Int64(Double(count - earlier) * rate))
  }
}

// What is known of the objects, taken from the table of handles.
extension Framework {
  /// The objects of every driver as trees: the WDFDRIVERs, then objects whose parents are gone.
  ///
  /// Exact while no other thread is inside.
  package func records() -> [FrameworkObjectRecord] {
    let now = TimePair()
    let heads = state.pointee.handles.live()
    let known = Set(heads)
    var children: [UnsafeMutablePointer<ObjectHead>: [UnsafeMutablePointer<ObjectHead>]] = [:]
    var roots: [UnsafeMutablePointer<ObjectHead>] = []
    for head in heads {
      if let parent = head.pointee.parent, known.contains(parent), parent != head {
        children[parent, default: []].append(head)
      } else {
        roots.append(head)
      }
    }
    func tree(_ head: UnsafeMutablePointer<ObjectHead>, _ depth: Int) -> FrameworkObjectRecord {
      var record = record(head, now)
      if depth < 64 { record.children = (children[head] ?? []).map { tree($0, depth + 1) } }
      return record
    }
    return roots.sorted { $0.pointee.created < $1.pointee.created }.map { tree($0, 0) }
  }

  private func record(_ head: UnsafeMutablePointer<ObjectHead>, _ now: TimePair)
    -> FrameworkObjectRecord
  {
    let object = FrameworkObject(head)
    return FrameworkObjectRecord(
      type: "\(object.kind.name)",
      name: object.kind == .driver ? head.pointee.globals.name : "", handle: object.handle,
      parent: object.parent?.handle, referenceCount: Int(head.pointee.references),
      isDeleted: head.pointee.isEnding, contexts: object.contextRecords, tags: object.tagRecords,
      age: now.age(of: head.pointee.created, since: state.pointee.start),
      settings: settings(of: object))
  }

  // MARK: At unload

  /// Notes what a driver has left and takes its handles away; the memory stays lost.
  func forgetLeaks(of globals: UnsafeMutablePointer<DriverGlobals>) {
    let left = noteLeaks(of: globals)
    if left.count > 0, verifies {
      machine.report(
        0x10D, Violation.objectError.rawValue, left.handle, UInt64(left.count), 0,
        rule: "WdfObjectLeft", causes: Causes(.allocated, left.stack))
    }
  }

  /// Gives the handle of the oldest that not only its children hold and who made it, and the number of
  /// them; nothing of the host's memory is alive then.
  @inline(never)
  private func noteLeaks(of globals: UnsafeMutablePointer<DriverGlobals>)
    -> (handle: UInt64, stack: StackNumber, count: Int)
  {
    let heads = remains(of: globals)
    if heads.isEmpty { return (0, 0, 0) }
    let blocks = machine.pool.liveBlocks()
    var first: FrameworkLeak?
    for head in heads.sorted(by: { $0.pointee.created < $1.pointee.created }) {
      let leak = leak(FrameworkObject(head), blocks)
      if first == nil, leak.referenceCount > 0 { first = leak }
      note(leak.description)
      state.pointee.leaks.append(leak)
    }
    for head in heads { state.pointee.handles.remove(head.pointee.handle) }
    return (first?.handle ?? 0, first?.allocated ?? 0, heads.count)
  }

  /// The objects that a driver has left.
  ///
  /// One that is deleted may be in the hands of a thread that is just letting it go, as one whose
  /// completion routine returns: such threads get a moment of the host's time.
  private func remains(of globals: UnsafeMutablePointer<DriverGlobals>)
    -> [UnsafeMutablePointer<ObjectHead>]
  {
    var heads: [UnsafeMutablePointer<ObjectHead>] = []
    for _ in 0..<50 {
      heads = state.pointee.handles.live().filter { $0.pointee.globals == globals }
      if heads.isEmpty { break }
      machine.pause(microseconds: 1000)
    }
    return heads
  }

  private func leak(_ object: FrameworkObject, _ blocks: [PoolBlock]) -> FrameworkLeak {
    let address = UInt(bitPattern: object.head)
    let block = blocks.last { $0.address <= address }
    // Children that are left hold their parent; what is above that is the driver's doing.
    let holders = state.pointee.handles.live().filter {
      $0.pointee.parent == object.head && $0.pointee.flags.contains(.holdsParent)
    }
    return FrameworkLeak(
      driver: object.globals.name, type: "\(object.kind.name)", handle: object.handle,
      parentPath: path(above: object),
      referenceCount: Int(object.head.pointee.references) - holders.count,
      poolTag: block?.tag ?? 0, allocated: block?.allocated ?? 0, contexts: object.contextRecords,
      tags: object.tagRecords.filter { $0.count != 0 })
  }

  private func path(above object: FrameworkObject) -> String {
    var names: [String] = []
    var next = object.parent
    while let parent = next {
      names.append("\(parent.kind.name)")
      next = parent.parent
    }
    return names.reversed().joined(separator: "/")
  }

  /// What drivers had left when they were unloaded, oldest first.
  package var leaks: [FrameworkLeak] { state.pointee.leaks }
}

extension FrameworkLeak: CustomStringConvertible {
  /// One line: the driver, the object, its place, references and pool tag.
  public var description: String {
    let place = parentPath.isEmpty ? "" : " below \(parentPath)"
    let why =
      referenceCount == 0
      ? "kept by what is below it"
      : referenceCount == 1 ? "1 reference left" : "\(referenceCount) references left"
    var text = "\(driver) left a \(type)\(place): \(why), pool tag \(PoolTagUsage.name(poolTag))"
    for context in contexts where !context.typeName.isEmpty { text += ", \(context.typeName)" }
    for tag in tags {
      let name = tag.name.isEmpty ? "no tag" : "tag \(tag.name)"
      text += ", \(tag.count) with \(name)"
      if let file = tag.file { text += " from \(file):\(tag.line)" }
    }
    return text
  }
}

extension FrameworkObject {
  fileprivate var contextRecords: [FrameworkContextRecord] {
    var records: [FrameworkContextRecord] = []
    var next = head.pointee.contexts
    while let block = next, block.pointee.signature == ContextBlock.live {
      let info = block.pointee.type?.assumingMemoryBound(to: WDF_OBJECT_CONTEXT_TYPE_INFO.self)
      records.append(
        FrameworkContextRecord(
          typeName: info?.pointee.ContextName.map { String(cString: $0) } ?? "",
          byteCount: Int(block.pointee.byteCount)))
      next = block.pointee.next
    }
    return records
  }

  fileprivate var tagRecords: [FrameworkTagRecord] {
    var records: [FrameworkTagRecord] = []
    var next = head.pointee.tags
    while let entry = next {
      records.append(
        FrameworkTagRecord(
          tag: entry.pointee.tag, count: Int(entry.pointee.count), line: Int(entry.pointee.line),
          file: entry.pointee.file.map {
            String(cString: $0.assumingMemoryBound(to: UInt8.self))
          }))
      next = entry.pointee.next
    }
    return records
  }
}

extension UnsafeMutablePointer where Pointee == DriverGlobals {
  /// The service name of the driver.
  var name: String {
    withUnsafeBytes(of: pointee.visible.DriverName) { name in
      String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
