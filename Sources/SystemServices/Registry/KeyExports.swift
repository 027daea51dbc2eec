import CDriverKit
import Machine
import Objects

private var registry: Registry { Machine.current.registry }

@c(r3_ZwCreateKey)
package func zwCreateKey(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, _ titleIndex: UInt32,
  _ className: UnsafePointer<UNICODE_STRING>?, _ options: UInt32,
  _ disposition: UnsafeMutablePointer<UInt32>?
) -> UInt32 {
  var request = KeyOpening(
    handle, access, attributes, RegNtPreCreateKeyEx, RegNtPostCreateKeyEx)
  request.className = className
  request.options = options
  request.disposition = disposition
  return registry.watched(request) {
    var isNew = false
    let status = registry.open(
      handle, access, attributes, missing: .makeLast, className: className,
      isVolatile: options & UInt32(REG_OPTION_VOLATILE) != 0, isNew: &isNew)
    if status == ServiceStatus.success {
      disposition?.pointee = UInt32(isNew ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY)
    }
    return status
  }
}

@c(r3_ZwOpenKey)
package func zwOpenKey(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?
) -> UInt32 {
  let request = KeyOpening(handle, access, attributes, RegNtPreOpenKeyEx, RegNtPostOpenKeyEx)
  return registry.watched(request) {
    var isNew = false
    return registry.open(handle, access, attributes, missing: .fail, isNew: &isNew)
  }
}

@c(r3_ZwOpenKeyEx)
func zwOpenKeyEx(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, _ options: UInt32
) -> UInt32 {
  zwOpenKey(handle, access, attributes)
}

@c(r3_ZwDeleteKey)
package func zwDeleteKey(_ handle: UInt) -> UInt32 {
  registry.watched(
    handle, RegNtPreDeleteKey, RegNtPostDeleteKey,
    contextAt: MemoryLayout<REG_DELETE_KEY_INFORMATION>.offset(of: \.CallContext)!,
    { REG_DELETE_KEY_INFORMATION(Object: $0, CallContext: nil, ObjectContext: nil, Reserved: nil) }
  ) {
    registry.withKey(handle) { registry.delete($0) }
  }
}

// There is no disk behind the registry: what is written is there.
@c(r3_ZwFlushKey)
func zwFlushKey(_ handle: UInt) -> UInt32 {
  registry.watched(
    handle, RegNtPreFlushKey, RegNtPostFlushKey,
    contextAt: MemoryLayout<REG_FLUSH_KEY_INFORMATION>.offset(of: \.CallContext)!,
    { REG_FLUSH_KEY_INFORMATION(Object: $0, CallContext: nil, ObjectContext: nil, Reserved: nil) }
  ) {
    registry.withKey(handle) { _ in 0 }
  }
}

@c(r3_ZwQueryKey)
func zwQueryKey(
  _ handle: UInt, _ kind: UInt32, _ buffer: UnsafeMutableRawPointer?, _ length: UInt32,
  _ resultLength: UnsafeMutablePointer<UInt32>?
) -> UInt32 {
  registry.watched(
    handle, RegNtPreQueryKey, RegNtPostQueryKey,
    contextAt: MemoryLayout<REG_QUERY_KEY_INFORMATION>.offset(of: \.CallContext)!,
    { object in
      var information = REG_QUERY_KEY_INFORMATION()
      information.Object = object
      information.KeyInformationClass = KEY_INFORMATION_CLASS(rawValue: kind)
      information.KeyInformation = buffer
      information.Length = length
      information.ResultLength = resultLength
      return information
    }
  ) {
    var answer: Answer?
    let status = registry.withKey(handle) { registry.describe($0, kind, &answer) }
    return answer?.deliver(.current, to: buffer, length, resultLength) ?? status
  }
}

@c(r3_ZwEnumerateKey)
func zwEnumerateKey(
  _ handle: UInt, _ index: UInt32, _ kind: UInt32, _ buffer: UnsafeMutableRawPointer?,
  _ length: UInt32, _ resultLength: UnsafeMutablePointer<UInt32>?
) -> UInt32 {
  registry.watched(
    handle, RegNtPreEnumerateKey, RegNtPostEnumerateKey,
    contextAt: MemoryLayout<REG_ENUMERATE_KEY_INFORMATION>.offset(of: \.CallContext)!,
    { object in
      var information = REG_ENUMERATE_KEY_INFORMATION()
      information.Object = object
      information.Index = index
      information.KeyInformationClass = KEY_INFORMATION_CLASS(rawValue: kind)
      information.KeyInformation = buffer
      information.Length = length
      information.ResultLength = resultLength
      return information
    }
  ) {
    var answer: Answer?
    let status = registry.withKey(handle) { key in
      var child = key.pointee.firstChild
      var left = index
      while left > 0, let next = child {
        child = next.pointee.next
        left -= 1
      }
      guard let child else { return ServiceStatus.noMoreEntries }
      return registry.describe(child, kind, &answer)
    }
    return answer?.deliver(.current, to: buffer, length, resultLength) ?? status
  }
}

// MARK: Values

@c(r3_ZwSetValueKey)
package func zwSetValueKey(
  _ handle: UInt, _ name: UnsafePointer<UNICODE_STRING>?, _ titleIndex: UInt32, _ type: UInt32,
  _ data: UnsafeRawPointer?, _ size: UInt32
) -> UInt32 {
  registry.watched(
    handle, RegNtPreSetValueKey, RegNtPostSetValueKey,
    contextAt: MemoryLayout<REG_SET_VALUE_KEY_INFORMATION>.offset(of: \.CallContext)!,
    { object in
      var information = REG_SET_VALUE_KEY_INFORMATION()
      information.Object = object
      information.ValueName = UnsafeMutablePointer(mutating: name)
      information.TitleIndex = titleIndex
      information.Type = type
      information.Data = UnsafeMutableRawPointer(mutating: data)
      information.DataSize = size
      return information
    }
  ) {
    Machine.current.withCopy(of: name) { name in
      Machine.current.withCopy(of: data, Int(size)) { bytes in
        registry.withKey(handle) { key in
          key.setValue(name, type, bytes)
          key.pointee.lastWriteTime = Machine.current.systemTime
          return ServiceStatus.success
        }
      }
    }
  }
}

@c(r3_ZwQueryValueKey)
package func zwQueryValueKey(
  _ handle: UInt, _ name: UnsafePointer<UNICODE_STRING>?, _ kind: UInt32,
  _ buffer: UnsafeMutableRawPointer?, _ length: UInt32,
  _ resultLength: UnsafeMutablePointer<UInt32>?
) -> UInt32 {
  registry.watched(
    handle, RegNtPreQueryValueKey, RegNtPostQueryValueKey,
    contextAt: MemoryLayout<REG_QUERY_VALUE_KEY_INFORMATION>.offset(of: \.CallContext)!,
    { object in
      var information = REG_QUERY_VALUE_KEY_INFORMATION()
      information.Object = object
      information.ValueName = UnsafeMutablePointer(mutating: name)
      information.KeyValueInformationClass = KEY_VALUE_INFORMATION_CLASS(rawValue: kind)
      information.KeyValueInformation = buffer
      information.Length = length
      information.ResultLength = resultLength
      return information
    }
  ) {
    var answer: Answer?
    let status = Machine.current.withCopy(of: name) { name in
      registry.withKey(handle) { key in
        guard let value = key.value(name) else { return ServiceStatus.objectNameNotFound }
        return registry.describe(value, kind, &answer)
      }
    }
    return answer?.deliver(.current, to: buffer, length, resultLength) ?? status
  }
}

@c(r3_ZwEnumerateValueKey)
func zwEnumerateValueKey(
  _ handle: UInt, _ index: UInt32, _ kind: UInt32, _ buffer: UnsafeMutableRawPointer?,
  _ length: UInt32, _ resultLength: UnsafeMutablePointer<UInt32>?
) -> UInt32 {
  registry.watched(
    handle, RegNtPreEnumerateValueKey, RegNtPostEnumerateValueKey,
    contextAt: MemoryLayout<REG_ENUMERATE_VALUE_KEY_INFORMATION>.offset(of: \.CallContext)!,
    { object in
      var information = REG_ENUMERATE_VALUE_KEY_INFORMATION()
      information.Object = object
      information.Index = index
      information.KeyValueInformationClass = KEY_VALUE_INFORMATION_CLASS(rawValue: kind)
      information.KeyValueInformation = buffer
      information.Length = length
      information.ResultLength = resultLength
      return information
    }
  ) {
    var answer: Answer?
    let status = registry.withKey(handle) { key in
      guard let value = key.value(at: index) else { return ServiceStatus.noMoreEntries }
      return registry.describe(value, kind, &answer)
    }
    return answer?.deliver(.current, to: buffer, length, resultLength) ?? status
  }
}

@c(r3_ZwDeleteValueKey)
package func zwDeleteValueKey(_ handle: UInt, _ name: UnsafePointer<UNICODE_STRING>?) -> UInt32 {
  registry.watched(
    handle, RegNtPreDeleteValueKey, RegNtPostDeleteValueKey,
    contextAt: MemoryLayout<REG_DELETE_VALUE_KEY_INFORMATION>.offset(of: \.CallContext)!,
    { object in
      var information = REG_DELETE_VALUE_KEY_INFORMATION()
      information.Object = object
      information.ValueName = UnsafeMutablePointer(mutating: name)
      return information
    }
  ) {
    Machine.current.withCopy(of: name) { name in
      registry.withKey(handle) { key in
        guard key.removeValue(name) else { return ServiceStatus.objectNameNotFound }
        key.pointee.lastWriteTime = Machine.current.systemTime
        return ServiceStatus.success
      }
    }
  }
}

extension KeyPointer {
  func value(at index: UInt32) -> ValuePointer? {
    var value = pointee.firstValue
    var left = index
    while left > 0, let next = value {
      value = next.pointee.next
      left -= 1
    }
    return value
  }
}
