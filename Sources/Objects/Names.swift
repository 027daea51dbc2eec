import CRing3
import Glibc
import Machine
import Memory

/// The name of an object: a node of the list of its directory, with the characters behind it.
struct NameRecord {
  var next: UnsafeMutablePointer<NameRecord>?
  let directory: UnsafeMutableRawPointer
  let body: UnsafeMutableRawPointer
  /// Number of UTF-16 units that follow.
  let count: Int
}

/// Body of a directory object: the first name of each of its buckets.
struct DirectoryBody {
  static let bucketCount = 37
  var buckets: InlineArray<37, UnsafeMutablePointer<NameRecord>?> = .init(repeating: nil)
}

/// Body of a symbolic link: its target's characters follow.
struct SymbolicLinkBody {
  var count: Int
}

/// UTF-16 characters that live as long as the call they are passed to.
package typealias UTF16Text = UnsafeBufferPointer<UInt16>

/// What a path leads to.
package struct ResolvedName {
  /// A referenced object.
  package let body: UnsafeMutableRawPointer
  /// How many characters at the end of the (substituted) path lie behind the object, and where.
  package let rest: UTF16Text
  /// Where substituted paths were put; freed by ``ObjectManager/finish(_:)``.
  let scratch: UnsafeMutablePointer<UInt16>?
}

/// Status codes of this layer.
package enum NameStatus {
  package static let success: UInt32 = 0
  package static let objectNameExists: UInt32 = 0x4000_0000
  package static let insufficientResources: UInt32 = 0xC000_009A
  package static let nameInvalid: UInt32 = 0xC000_0033
  package static let nameNotFound: UInt32 = 0xC000_0034
  package static let nameCollision: UInt32 = 0xC000_0035
  package static let pathInvalid: UInt32 = 0xC000_0039
  package static let pathNotFound: UInt32 = 0xC000_003A
  package static let pathSyntaxBad: UInt32 = 0xC000_003B
  package static let typeMismatch: UInt32 = 0xC000_0024
}

private let separator = UInt16(UInt8(ascii: "\\"))

extension ObjectManager {
  /// Longest path that is followed, after substitution of links, in characters.
  package static let maximumPathCount = 4096

  /// Makes the root directory and the directories that every system has.
  func makeRoot() {
    state.pointee.root = create(.directory, byteCount: MemoryLayout<DirectoryBody>.size)
    for path: StaticString in [
      "\\Device", "\\Driver", "\\FileSystem", "\\GLOBAL??", "\\BaseNamedObjects",
      "\\KernelObjects", "\\Callback", "\\ObjectTypes",
    ] {
      withUTF16(path) { _ = makeDirectory($0) }
    }
    for (link, target): (StaticString, StaticString) in [
      ("\\??", "\\GLOBAL??"), ("\\DosDevices", "\\??"),
    ] {
      withUTF16(link) { link in withUTF16(target) { _ = makeSymbolicLink(link, to: $0) } }
    }
  }

  /// Makes a directory at `path`.
  package func makeDirectory(_ path: UTF16Text) -> UInt32 {
    guard let body = create(.directory, byteCount: MemoryLayout<DirectoryBody>.size) else {
      return NameStatus.insufficientResources
    }
    let status = insert(body, at: path)
    // The name keeps the object alive: a permanent object.
    dereference(body)
    return status
  }

  /// Makes a symbolic link at `path` to the path `target`.
  package func makeSymbolicLink(_ path: UTF16Text, to target: UTF16Text) -> UInt32 {
    let size = MemoryLayout<SymbolicLinkBody>.size + target.count * 2
    guard let body = create(.symbolicLink, byteCount: size) else {
      return NameStatus.insufficientResources
    }
    body.storeBytes(of: target.count, as: Int.self)
    copy(target, to: body + MemoryLayout<SymbolicLinkBody>.size)
    let status = insert(body, at: path)
    dereference(body)
    return status
  }

  /// The target of a symbolic link object; valid while the object is referenced.
  package func target(ofLink body: UnsafeMutableRawPointer) -> UTF16Text {
    let start = body + MemoryLayout<SymbolicLinkBody>.size
    return UTF16Text(
      start: start.assumingMemoryBound(to: UInt16.self), count: body.load(as: Int.self))
  }

  /// Names an object; the name holds a reference until ``removeName(of:)``.
  package func insert(_ body: UnsafeMutableRawPointer, at path: UTF16Text) -> UInt32 {
    guard let first = path.first, first == separator, path.count > 1 else {
      return path.isEmpty ? NameStatus.nameInvalid : NameStatus.pathSyntaxBad
    }
    guard let split = path.lastIndex(of: separator), split + 1 < path.count else {
      return NameStatus.nameInvalid
    }
    let leaf = UTF16Text(rebasing: path[(split + 1)...])
    var status = NameStatus.success
    let parent = UTF16Text(rebasing: path[..<split])
    guard let directory = lookUp(parent, followLast: true, status: &status) else {
      return status == NameStatus.nameNotFound ? NameStatus.pathNotFound : status
    }
    defer {
      dereference(directory.body)
      finish(directory)
    }
    guard isObject(directory.body, .directory), directory.rest.isEmpty else {
      return NameStatus.pathNotFound
    }
    return link(body, leaf, in: directory.body)
  }

  private func link(
    _ body: UnsafeMutableRawPointer, _ leaf: UTF16Text, in directory: UnsafeMutableRawPointer
  ) -> UInt32 {
    let size = MemoryLayout<NameRecord>.size + leaf.count * 2
    guard let block = machine.pool.allocate(size, kind: .nonpaged, tag: Self.nameTag) else {
      return NameStatus.insufficientResources
    }
    let record = block.bindMemory(to: NameRecord.self, capacity: 1)
    record.initialize(
      to: NameRecord(next: nil, directory: directory, body: body, count: leaf.count))
    copy(leaf, to: record + 1)
    state.pointee.nameLock.lock()
    let bucket = self.bucket(leaf, in: directory)
    let isTaken = find(leaf, from: bucket.pointee) != nil
    if !isTaken {
      record.pointee.next = bucket.pointee
      bucket.pointee = record
      header(of: body).pointee.name = UnsafeMutableRawPointer(record)
    }
    state.pointee.nameLock.unlock()
    if isTaken {
      machine.pool.free(block, tag: Self.nameTag)
      return NameStatus.nameCollision
    }
    reference(body)
    return NameStatus.success
  }

  static var nameTag: UInt32 { 0x6D4E_624F }  // ObNm

  /// Takes the name of an object away, and the reference that it held unless the object is being deleted.
  package func removeName(of body: UnsafeMutableRawPointer) {
    state.pointee.nameLock.lock()
    let header = header(of: body)
    let record = header.pointee.name?.assumingMemoryBound(to: NameRecord.self)
    if let record {
      header.pointee.name = nil
      let bucket = bucket(text(of: record), in: record.pointee.directory)
      var slot = bucket
      while let candidate = slot.pointee, candidate != record {
        slot = UnsafeMutableRawPointer(candidate)
          .assumingMemoryBound(to: UnsafeMutablePointer<NameRecord>?.self)
      }
      if slot.pointee != nil { slot.pointee = record.pointee.next }
    }
    state.pointee.nameLock.unlock()
    guard let record else { return }
    machine.pool.free(UnsafeMutableRawPointer(record), tag: Self.nameTag)
    if header.pointee.pointerCount > 0 { dereference(body) }
  }

  private func text(of record: UnsafeMutablePointer<NameRecord>) -> UTF16Text {
    UTF16Text(
      start: UnsafeMutableRawPointer(record + 1).assumingMemoryBound(to: UInt16.self),
      count: record.pointee.count)
  }

  private func bucket(_ leaf: UTF16Text, in directory: UnsafeMutableRawPointer)
    -> UnsafeMutablePointer<UnsafeMutablePointer<NameRecord>?>
  {
    var hash: UInt32 = 0
    for character in leaf { hash = hash &* 31 &+ UInt32(upcased(character)) }
    return directory.assumingMemoryBound(to: UnsafeMutablePointer<NameRecord>?.self)
      + Int(hash % UInt32(DirectoryBody.bucketCount))
  }

  private func find(_ leaf: UTF16Text, from first: UnsafeMutablePointer<NameRecord>?)
    -> UnsafeMutablePointer<NameRecord>?
  {
    var next = first
    while let record = next {
      if equal(text(of: record), leaf) { return record }
      next = record.pointee.next
    }
    return nil
  }

  /// Follows a path to a referenced object.
  ///
  /// A device object ends the walk: what is left of the path is `rest`, for the driver. With
  /// `followLast` false a symbolic link at the very end is not followed. The caller lets the object
  /// go and calls ``finish(_:)`` when it has read `rest`.
  package func lookUp(_ path: UTF16Text, followLast: Bool, status: inout UInt32) -> ResolvedName? {
    guard path.isEmpty || path[0] == separator else {
      status = NameStatus.pathSyntaxBad
      return nil
    }
    guard path.count <= Self.maximumPathCount else {
      status = NameStatus.nameInvalid
      return nil
    }
    var current = path
    var scratch: UnsafeMutablePointer<UInt16>?
    status = NameStatus.nameInvalid
    for turn in 0..<Self.maximumLinkCount {
      switch walk(current, followLast: followLast) {
      case .found(let body, let rest):
        status = NameStatus.success
        return ResolvedName(body: body, rest: rest, scratch: scratch)
      case .failed(let code):
        status = code
      case .link(let body, let rest):
        scratch = scratch ?? takeScratch()
        let joined = scratch.flatMap { join(target(ofLink: body), rest, in: $0, half: turn & 1) }
        dereference(body)
        if let joined {
          current = joined
          continue
        }
        status = scratch == nil ? NameStatus.insufficientResources : NameStatus.nameInvalid
      }
      break
    }
    finish(scratch)
    return nil
  }

  /// Links that are followed before a path is taken for a circle.
  private static var maximumLinkCount: Int { 32 }

  /// Gives back what a look-up used; the object stays referenced.
  package func finish(_ resolved: ResolvedName) { finish(resolved.scratch) }

  private func finish(_ scratch: UnsafeMutablePointer<UInt16>?) {
    if let scratch { machine.pool.free(UnsafeMutableRawPointer(scratch), tag: Self.nameTag) }
  }

  /// Room for two paths, used in turn.
  private func takeScratch() -> UnsafeMutablePointer<UInt16>? {
    machine.pool.allocate(Self.maximumPathCount * 4, kind: .nonpaged, tag: Self.nameTag)?
      .assumingMemoryBound(to: UInt16.self)
  }

  private func join(
    _ first: UTF16Text, _ second: UTF16Text, in scratch: UnsafeMutablePointer<UInt16>, half: Int
  ) -> UTF16Text? {
    let count = first.count + second.count
    guard count <= Self.maximumPathCount else { return nil }
    let buffer = scratch + half * Self.maximumPathCount
    copy(first, to: buffer)
    copy(second, to: buffer + first.count)
    return UTF16Text(start: buffer, count: count)
  }

  private enum Step {
    case found(UnsafeMutableRawPointer, rest: UTF16Text)
    case link(UnsafeMutableRawPointer, rest: UTF16Text)
    case failed(UInt32)
  }

  /// Walks as far as the first device, key or symbolic link on the path.
  private func walk(_ path: UTF16Text, followLast: Bool) -> Step {
    guard var body = state.pointee.root else { return .failed(NameStatus.nameNotFound) }
    reference(body)
    var position = 0
    while position < path.count {
      let rest = UTF16Text(rebasing: path[position...])
      if isObject(body, .device) || isObject(body, .key) { return .found(body, rest: rest) }
      if isObject(body, .symbolicLink) { return .link(body, rest: rest) }
      guard isObject(body, .directory) else {
        dereference(body)
        return .failed(NameStatus.nameNotFound)
      }
      let end = path[(position + 1)...].firstIndex(of: separator) ?? path.count
      let leaf = UTF16Text(rebasing: path[(position + 1)..<end])
      if leaf.isEmpty, end == path.count { break }
      let child = child(leaf, of: body)
      dereference(body)
      guard let child else {
        return .failed(end == path.count ? NameStatus.nameNotFound : NameStatus.pathNotFound)
      }
      body = child
      position = end
    }
    let nothing = UTF16Text(start: nil, count: 0)
    if followLast, isObject(body, .symbolicLink) { return .link(body, rest: nothing) }
    return .found(body, rest: nothing)
  }

  private func child(_ leaf: UTF16Text, of directory: UnsafeMutableRawPointer)
    -> UnsafeMutableRawPointer?
  {
    state.pointee.nameLock.lock()
    let record = find(leaf, from: bucket(leaf, in: directory).pointee)
    if let record { reference(record.pointee.body) }
    let body = record?.pointee.body
    state.pointee.nameLock.unlock()
    return body
  }

  /// The full path of a named object; empty for one without a name.
  package func path(of body: UnsafeMutableRawPointer) -> [UInt16] {
    state.pointee.nameLock.lock()
    var parts: [[UInt16]] = []
    var next: UnsafeMutableRawPointer? = body
    while let current = next {
      guard
        let record = ObjectHeader.of(current).pointee.name?
          .assumingMemoryBound(to: NameRecord.self)
      else { break }
      parts.append(Array(text(of: record)))
      next = record.pointee.directory
    }
    state.pointee.nameLock.unlock()
    return parts.reversed().reduce(into: []) { $0 += [separator] + $1 }
  }
}

/// Copies characters to memory that has room for them.
package func copy(_ text: UTF16Text, to destination: UnsafeMutableRawPointer) {
  if let start = text.baseAddress { memcpy(destination, start, text.count * 2) }
}

/// Upcases a character as the name space compares.
@inline(__always)
func upcased(_ character: UInt16) -> UInt16 {
  switch character {
  case 0x61...0x7A: character - 0x20
  case 0xE0...0xFE where character != 0xF7: character - 0x20
  default: character
  }
}

func equal(_ first: UTF16Text, _ second: UTF16Text) -> Bool {
  guard first.count == second.count else { return false }
  for index in 0..<first.count where upcased(first[index]) != upcased(second[index]) {
    return false
  }
  return true
}

/// Calls `body` with the UTF-16 form of an ASCII literal.
package func withUTF16<R>(_ literal: StaticString, _ body: (UTF16Text) -> R) -> R {
  withUnsafeTemporaryAllocation(of: UInt16.self, capacity: literal.utf8CodeUnitCount) { buffer in
    for index in 0..<literal.utf8CodeUnitCount {
      buffer[index] = UInt16(literal.utf8Start[index])
    }
    return body(UTF16Text(buffer))
  }
}
