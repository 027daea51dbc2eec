import CDriverKit
import Machine
import Objects

extension Registry {
  /// Describes a key, under the lock.
  func describe(_ key: KeyPointer, _ kind: UInt32, _ answer: inout Answer?) -> UInt32 {
    switch kind {
    case KeyBasicInformation.rawValue: answer = basicInformation(key)
    case KeyNodeInformation.rawValue: answer = nodeInformation(key)
    case KeyFullInformation.rawValue: answer = fullInformation(key)
    case KeyNameInformation.rawValue: answer = nameInformation(key)
    default: return ServiceStatus.invalidParameter
    }
    return answer == nil ? ServiceStatus.insufficientResources : ServiceStatus.success
  }

  private func basicInformation(_ key: KeyPointer) -> Answer? {
    let name = key.pointee.name.text
    let answer = Answer.make(machine, fixed: 16, count: 16 + name.count * 2)
    answer?.put(key.pointee.lastWriteTime, at: 0)
    answer?.put(name.count * 2, at: 12)
    answer?.put(name, at: 16)
    return answer
  }

  private func nodeInformation(_ key: KeyPointer) -> Answer? {
    let name = key.pointee.name.text
    let className = key.pointee.className.text
    let classOffset = (24 + name.count * 2 + 3) & ~3
    let count = className.isEmpty ? 24 + name.count * 2 : classOffset + className.count * 2
    let answer = Answer.make(machine, fixed: 24, count: count)
    answer?.put(key.pointee.lastWriteTime, at: 0)
    answer?.put(className.isEmpty ? -1 : classOffset, at: 12)
    answer?.put(className.count * 2, at: 16)
    answer?.put(name.count * 2, at: 20)
    answer?.put(name, at: 24)
    answer?.put(className, at: classOffset)
    return answer
  }

  private func fullInformation(_ key: KeyPointer) -> Answer? {
    let className = key.pointee.className.text
    let answer = Answer.make(machine, fixed: 44, count: 44 + className.count * 2)
    var counts = (keys: 0, keyName: 0, className: 0)
    var child = key.pointee.firstChild
    while let key = child {
      counts.keys += 1
      counts.keyName = max(counts.keyName, key.pointee.name.count * 2)
      counts.className = max(counts.className, key.pointee.className.count * 2)
      child = key.pointee.next
    }
    var values = (count: 0, name: 0, data: 0)
    var next = key.pointee.firstValue
    while let value = next {
      values.count += 1
      values.name = max(values.name, value.pointee.name.count * 2)
      values.data = max(values.data, value.pointee.count)
      next = value.pointee.next
    }
    answer?.put(key.pointee.lastWriteTime, at: 0)
    answer?.put(className.isEmpty ? -1 : 44, at: 12)
    answer?.put(className.count * 2, at: 16)
    answer?.put(counts.keys, at: 20)
    answer?.put(counts.keyName, at: 24)
    answer?.put(counts.className, at: 28)
    answer?.put(values.count, at: 32)
    answer?.put(values.name, at: 36)
    answer?.put(values.data, at: 40)
    answer?.put(className, at: 44)
    return answer
  }

  private func nameInformation(_ key: KeyPointer) -> Answer? {
    var count = 0
    var next: KeyPointer? = key
    while let part = next {
      count += 1 + part.pointee.name.count
      next = part.pointee.parent
    }
    let answer = Answer.make(machine, fixed: 4, count: 4 + count * 2)
    answer?.put(count * 2, at: 0)
    var end = 4 + count * 2
    next = key
    while let part = next {
      end -= part.pointee.name.count * 2
      answer?.put(part.pointee.name.text, at: end)
      end -= 2
      answer?.block.storeBytes(of: 0x5C, toByteOffset: end, as: UInt16.self)
      next = part.pointee.parent
    }
    return answer
  }

  /// Describes a value, under the lock.
  func describe(_ value: ValuePointer, _ kind: UInt32, _ answer: inout Answer?) -> UInt32 {
    let count = value.pointee.count
    switch kind {
    case KeyValueBasicInformation.rawValue:
      let nameCount = value.pointee.name.count * 2
      answer = Answer.make(machine, fixed: 12, count: 12 + nameCount)
      answer?.put(Int(value.pointee.type), at: 4)
      answer?.put(nameCount, at: 8)
      answer?.put(value.pointee.name.text, at: 12)
    case KeyValueFullInformation.rawValue: answer = full(value, alignment: 4)
    case KeyValueFullInformationAlign64.rawValue: answer = full(value, alignment: 8)
    case KeyValuePartialInformation.rawValue:
      answer = Answer.make(machine, fixed: 12, count: 12 + count)
      answer?.put(Int(value.pointee.type), at: 4)
      answer?.put(count, at: 8)
      answer?.put(value.pointee.data, count, at: 12)
    case KeyValuePartialInformationAlign64.rawValue:
      answer = Answer.make(machine, fixed: 8, count: 8 + count)
      answer?.put(Int(value.pointee.type), at: 0)
      answer?.put(count, at: 4)
      answer?.put(value.pointee.data, count, at: 8)
    default: return ServiceStatus.invalidParameter
    }
    return answer == nil ? ServiceStatus.insufficientResources : ServiceStatus.success
  }

  private func full(_ value: ValuePointer, alignment: Int) -> Answer? {
    let name = value.pointee.name.text
    let offset = (20 + name.count * 2 + alignment - 1) & ~(alignment - 1)
    let count = value.pointee.count
    let answer = Answer.make(
      machine, fixed: 20, count: count == 0 ? 20 + name.count * 2 : offset + count)
    answer?.put(Int(value.pointee.type), at: 4)
    answer?.put(count == 0 ? -1 : offset, at: 8)
    answer?.put(count, at: 12)
    answer?.put(name.count * 2, at: 16)
    answer?.put(name, at: 20)
    answer?.put(value.pointee.data, count, at: offset)
    return answer
  }
}
