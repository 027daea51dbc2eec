import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import Objects

typealias QueryEntry = UnsafeMutablePointer<RTL_QUERY_REGISTRY_TABLE>

/// The flags of an entry of a query table.
private enum QueryFlags {
  static let subkey: UInt32 = 0x1
  static let topKey: UInt32 = 0x2
  static let required: UInt32 = 0x4
  static let noValue: UInt32 = 0x8
  static let noExpand: UInt32 = 0x10
  static let direct: UInt32 = 0x20
  static let delete: UInt32 = 0x40
  static let noString: UInt32 = 0x80
  static let typeCheck: UInt32 = 0x100
}

/// A value as it is handed to a driver: its name, with a 0 behind it, and its data.
private struct QueriedValue {
  var name: UnsafeMutablePointer<UInt16>?
  var type: UInt32
  var data: UnsafeMutableRawPointer?
  var count: Int
}

@c(r3_RtlQueryRegistryValues)
func rtlQueryRegistryValues(
  _ relative: UInt32, _ path: UnsafePointer<UInt16>?, _ table: QueryEntry?,
  _ context: UnsafeMutableRawPointer?, _ environment: UnsafeMutableRawPointer?
) -> UInt32 {
  guard let table else { return ServiceStatus.invalidParameter }
  return Machine.current.registry.withPlace(relative, path, missing: .fail) { top in
    QueryTable(registry: Machine.current.registry, context: context).run(table, top)
  }
}

/// One run of `RtlQueryRegistryValues`.
private struct QueryTable {
  let registry: Registry
  let context: UnsafeMutableRawPointer?

  private var machine: Machine { registry.machine }

  func run(_ table: QueryEntry, _ top: UnsafeMutableRawPointer) -> UInt32 {
    var entry = table
    while entry.pointee.QueryRoutine != nil
      || entry.pointee.Flags & (QueryFlags.subkey | QueryFlags.direct) != 0
    {
      var status = check(entry)
      if status != ServiceStatus.success { return status }
      if entry.pointee.Flags & QueryFlags.subkey != 0 {
        status = runSubkey(&entry, top)
      } else {
        status = perform(entry, top)
        entry += 1
      }
      if !ServiceStatus.isSuccess(status) { return status }
    }
    return ServiceStatus.success
  }

  private func check(_ entry: QueryEntry) -> UInt32 {
    let flags = entry.pointee.Flags
    let isWrong =
      flags & QueryFlags.subkey != 0 && entry.pointee.Name == nil
      || flags & QueryFlags.direct != 0
        && (entry.pointee.Name == nil || flags & QueryFlags.subkey != 0
          || entry.pointee.QueryRoutine != nil)
    return isWrong ? ServiceStatus.invalidParameter : ServiceStatus.success
  }

  /// Opens the subkey that an entry names and runs the entries that follow on it.
  private func runSubkey(_ entry: inout QueryEntry, _ top: UnsafeMutableRawPointer) -> UInt32 {
    let first = entry
    var next = entry + 1
    let name = terminated(first.pointee.Name)
    let status = machine.withCopy(of: name.baseAddress, name.count * 2) { path in
      registry.withObject(
        below: top, path.bindMemory(to: UInt16.self), missing: .fail
      ) { key in
        if first.pointee.QueryRoutine != nil {
          let status = enumerate(first, key)
          if !ServiceStatus.isSuccess(status) { return status }
        }
        while isPlain(next) {
          var status = check(next)
          if status == ServiceStatus.success { status = perform(next, key) }
          if !ServiceStatus.isSuccess(status) { return status }
          next += 1
        }
        return ServiceStatus.success
      }
    }
    entry = next
    guard status == ServiceStatus.objectNameNotFound, next == first + 1,
      first.pointee.Flags & QueryFlags.required == 0
    else { return status }
    // There is no such subkey, and it need not be: its entries have their defaults.
    while isPlain(next) {
      let status = missing(next, check(next))
      if !ServiceStatus.isSuccess(status) { return status }
      next += 1
    }
    entry = next
    return ServiceStatus.success
  }

  /// Whether an entry is there and is about the same key as the one before it.
  private func isPlain(_ entry: QueryEntry) -> Bool {
    let flags = entry.pointee.Flags
    return flags & (QueryFlags.subkey | QueryFlags.topKey) == 0
      && (entry.pointee.QueryRoutine != nil || flags & QueryFlags.direct != 0)
  }

  private func perform(_ entry: QueryEntry, _ key: UnsafeMutableRawPointer) -> UInt32 {
    if entry.pointee.Name != nil { return query(entry, key) }
    if entry.pointee.Flags & QueryFlags.noValue != 0 {
      return call(entry, QueriedValue(type: 0, count: 0), entry.pointee.EntryContext)
    }
    return enumerate(entry, key)
  }

  private func query(_ entry: QueryEntry, _ key: UnsafeMutableRawPointer) -> UInt32 {
    let name = terminated(entry.pointee.Name)
    var value: QueriedValue?
    var status = machine.withCopy(of: name.baseAddress, name.count * 2) { name in
      registry.withKey(of: key) { key in
        guard let found = key.value(name.bindMemory(to: UInt16.self)) else {
          return ServiceStatus.objectNameNotFound
        }
        value = copy(found)
        return value == nil ? ServiceStatus.insufficientResources : ServiceStatus.success
      }
    }
    guard let value else { return missing(entry, status) }
    status = hand(entry, value)
    free(value)
    if entry.pointee.Flags & QueryFlags.delete != 0, ServiceStatus.isSuccess(status) {
      _ = registry.deleteValue(name, of: key)
    }
    return status
  }

  private func enumerate(_ entry: QueryEntry, _ key: UnsafeMutableRawPointer) -> UInt32 {
    var index: UInt32 = 0
    while true {
      var value: QueriedValue?
      var status = registry.withKey(of: key) { key in
        guard let found = key.value(at: index) else { return ServiceStatus.noMoreEntries }
        value = copy(found)
        return value == nil ? ServiceStatus.insufficientResources : ServiceStatus.success
      }
      guard let value else { break }
      status = hand(entry, value)
      free(value)
      if !ServiceStatus.isSuccess(status) { return status }
      index += 1
    }
    let isMissing = index == 0 && entry.pointee.Flags & QueryFlags.required != 0
    return isMissing ? ServiceStatus.objectNameNotFound : ServiceStatus.success
  }

  /// Copies a value to pool, under the lock.
  private func copy(_ value: ValuePointer) -> QueriedValue? {
    let nameCount = (value.pointee.name.count + 1) * 2
    let dataOffset = (nameCount + 7) & ~7
    let size = dataOffset + value.pointee.count + 4
    guard let block = machine.pool.allocate(size, kind: .nonpaged, tag: Machine.serviceTag) else {
      return nil
    }
    memset(block, 0, size)
    Objects.copy(value.pointee.name.text, to: block)
    if let data = value.pointee.data { memcpy(block + dataOffset, data, value.pointee.count) }
    return QueriedValue(
      name: block.assumingMemoryBound(to: UInt16.self), type: value.pointee.type,
      data: block + dataOffset, count: value.pointee.count)
  }

  private func free(_ value: QueriedValue) {
    if let name = value.name { machine.pool.free(name, tag: Machine.serviceTag) }
  }

  /// What becomes of an entry whose value is not there.
  private func missing(_ entry: QueryEntry, _ status: UInt32) -> UInt32 {
    guard status == ServiceStatus.objectNameNotFound || status == ServiceStatus.success else {
      return status
    }
    let type = entry.pointee.DefaultType & 0xFF_FFFF
    guard type != UInt32(REG_NONE) else {
      let isRequired = entry.pointee.Flags & QueryFlags.required != 0
      return isRequired ? ServiceStatus.objectNameNotFound : ServiceStatus.success
    }
    let data = entry.pointee.DefaultData
    var count = Int(entry.pointee.DefaultLength)
    if count == 0, let data { count = stringCount(type, data) }
    return hand(
      entry, QueriedValue(name: entry.pointee.Name, type: type, data: data, count: count),
      isDefault: true)
  }

  /// Bytes of a string whose length a driver did not tell.
  private func stringCount(_ type: UInt32, _ data: UnsafeMutableRawPointer) -> Int {
    let text = data.assumingMemoryBound(to: UInt16.self)
    switch type {
    case UInt32(REG_SZ), UInt32(REG_EXPAND_SZ): return (terminated(text).count + 1) * 2
    case UInt32(REG_MULTI_SZ):
      var count = 0
      while text[count] != 0 { count += terminated(text + count).count + 1 }
      return (count + 1) * 2
    default: return 0
    }
  }

  /// Gives a value to the driver: each string of a list by itself, unless the entry says otherwise.
  private func hand(_ entry: QueryEntry, _ value: QueriedValue, isDefault: Bool = false) -> UInt32 {
    let flags = entry.pointee.Flags
    if flags & QueryFlags.typeCheck != 0, !isDefault,
      entry.pointee.DefaultType >> 24 != value.type
    {
      return ServiceStatus.objectTypeMismatch
    }
    guard flags & QueryFlags.noExpand == 0 else {
      return give(entry, value, entry.pointee.EntryContext)
    }
    var value = value
    if value.type == UInt32(REG_MULTI_SZ) { return handEach(entry, value) }
    // There is no environment: names between percent signs stay.
    if value.type == UInt32(REG_EXPAND_SZ) { value.type = UInt32(REG_SZ) }
    return give(entry, value, entry.pointee.EntryContext)
  }

  private func handEach(_ entry: QueryEntry, _ value: QueriedValue) -> UInt32 {
    guard let data = value.data else { return ServiceStatus.success }
    let text = data.assumingMemoryBound(to: UInt16.self)
    let total = value.count / 2
    var target = entry.pointee.EntryContext
    var position = 0
    while position < total, text[position] != 0 {
      var end = position
      while end < total, text[end] != 0 { end += 1 }
      let string = QueriedValue(
        name: value.name, type: UInt32(REG_SZ), data: text + position,
        count: (min(end + 1, total) - position) * 2)
      let status = give(entry, string, target)
      if !ServiceStatus.isSuccess(status) { return status }
      if entry.pointee.Flags & QueryFlags.direct != 0 {
        target = target.map { $0 + MemoryLayout<UNICODE_STRING>.size }
      }
      position = end + 1
    }
    return ServiceStatus.success
  }

  private func give(
    _ entry: QueryEntry, _ value: QueriedValue, _ target: UnsafeMutableRawPointer?
  ) -> UInt32 {
    if entry.pointee.Flags & QueryFlags.direct == 0 { return call(entry, value, target) }
    guard let target else { return ServiceStatus.invalidParameter }
    switch value.type {
    case UInt32(REG_SZ), UInt32(REG_EXPAND_SZ), UInt32(REG_MULTI_SZ):
      if entry.pointee.Flags & QueryFlags.noString != 0 { return ServiceStatus.objectTypeMismatch }
      return store(value, inString: target.assumingMemoryBound(to: UNICODE_STRING.self))
    default: return store(value, at: target)
    }
  }

  private func call(
    _ entry: QueryEntry, _ value: QueriedValue, _ target: UnsafeMutableRawPointer?
  ) -> UInt32 {
    guard let routine = entry.pointee.QueryRoutine else { return ServiceStatus.invalidParameter }
    let status = r3_call6(
      routine, bits(value.name), UInt64(value.type), bits(value.data), UInt64(value.count),
      bits(context), bits(target))
    let result = UInt32(truncatingIfNeeded: status)
    // A routine that had too little room is no reason to stop.
    return result == ServiceStatus.bufferTooSmall ? ServiceStatus.success : result
  }

  private func bits(_ pointer: UnsafeMutableRawPointer?) -> UInt64 {
    UInt64(UInt(bitPattern: pointer))
  }

  private func store(
    _ value: QueriedValue, inString target: UnsafeMutablePointer<UNICODE_STRING>
  ) -> UInt32 {
    guard value.count <= 0xFFFE else { return ServiceStatus.bufferTooSmall }
    if target.pointee.Buffer == nil {
      let room = max(value.count, 2)
      guard let block = machine.pool.allocate(room, kind: .paged, tag: Machine.serviceTag) else {
        return ServiceStatus.insufficientResources
      }
      memset(block, 0, room)
      target.pointee.Buffer = block.assumingMemoryBound(to: UInt16.self)
      target.pointee.MaximumLength = UInt16(room)
    } else if value.count > Int(target.pointee.MaximumLength) {
      return ServiceStatus.bufferTooSmall
    }
    if let data = value.data, let buffer = target.pointee.Buffer {
      memcpy(buffer, data, value.count)
    }
    target.pointee.Length = UInt16(max(value.count - 2, 0))
    return ServiceStatus.success
  }

  /// Stores what is no string: up to four bytes plainly, more with a buffer's size in front.
  private func store(_ value: QueriedValue, at target: UnsafeMutableRawPointer) -> UInt32 {
    let count = value.count
    guard count > 4 else {
      if let data = value.data { memcpy(target, data, count) }
      return ServiceStatus.success
    }
    let size = target.loadUnaligned(as: Int32.self)
    if size < 0 {
      guard count <= -Int(size) else { return ServiceStatus.bufferTooSmall }
      if let data = value.data { memcpy(target, data, count) }
      return ServiceStatus.success
    }
    guard Int(size) >= 8 + count else { return ServiceStatus.bufferTooSmall }
    target.storeBytes(of: UInt32(count), as: UInt32.self)
    target.storeBytes(of: value.type, toByteOffset: 4, as: UInt32.self)
    if let data = value.data { memcpy(target + 8, data, count) }
    return ServiceStatus.success
  }
}
