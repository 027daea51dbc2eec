import Glibc
import Machine
import Objects

/// The registry of a machine, in memory: it begins anew with each machine.
package struct Registry {
  let machine: Machine

  var state: UnsafeMutablePointer<RegistryState> {
    machine[.registry].unsafelyUnwrapped.assumingMemoryBound(to: RegistryState.self)
  }

  /// The keys that every system has.
  private static let initialKeys = [
    #"\MACHINE\HARDWARE\DEVICEMAP"#, #"\MACHINE\HARDWARE\RESOURCEMAP"#,
    #"\MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion"#,
    #"\MACHINE\SYSTEM\CurrentControlSet\Control\Class"#,
    #"\MACHINE\SYSTEM\CurrentControlSet\Enum"#, #"\MACHINE\SYSTEM\CurrentControlSet\Services"#,
    #"\MACHINE\SYSTEM\CurrentControlSet\Hardware Profiles"#, #"\USER\.DEFAULT"#,
  ]

  static func install(in machine: Machine) {
    let state = UnsafeMutablePointer<RegistryState>.allocate(capacity: 1)
    let root = Array("REGISTRY".utf16).withUnsafeBufferPointer {
      KeyPointer.make(
        $0, className: UTF16Text(start: nil, count: 0), isVolatile: false, time: machine.systemTime)
    }
    state.initialize(to: RegistryState(root: root))
    machine[.registry] = UnsafeMutableRawPointer(state)
    machine.state.pointee.teardown.append { machine in
      machine.registry.destroy()
      machine[.registry] = nil
    }
    machine.objects.type(.key).pointee.delete = deleteKeyObject
    machine.objects.type(.key).pointee.close = keyHandleClosed
    machine.objects.type(.key).pointee.path = writeKeyPath
    for path in initialKeys { _ = machine.registry.makeKeys(path) }
    if let object = machine.registry.makeObject(root) {
      withUTF16(#"\REGISTRY"#) { _ = machine.objects.insert(object, at: $0) }
      machine.objects.dereference(object)
    }
  }

  private func destroy() {
    while let key = state.pointee.firstDeleted {
      state.pointee.firstDeleted = key.pointee.next
      key.destroy()
    }
    state.pointee.root.destroyTree()
    state.deallocate()
  }
}

extension Machine {
  /// The registry.
  package var registry: Registry { Registry(machine: self) }
}

struct RegistryState {
  /// Guards all keys and values; nothing of a driver is touched under it.
  var lock = MachineLock()
  let root: KeyPointer
  /// Deleted keys that objects still stand for.
  var firstDeleted: KeyPointer?
  var callbacks = RegistryCallbackList()
}

private let separator = UInt16(UInt8(ascii: "\\"))

extension Registry {
  /// Longest name of a key, in characters.
  static var longestName: Int { 255 }

  func locked<R>(_ body: () -> R) -> R {
    state.pointee.lock.lock()
    let result = body()
    state.pointee.lock.unlock()
    return result
  }

  /// What is to be done about keys of a path that do not exist.
  enum Missing { case fail, makeLast, makeAll }

  /// Follows a path below a key, under the lock.
  ///
  /// - Returns: the key; nil with a status.
  func follow(
    _ path: UTF16Text, from start: KeyPointer, missing: Missing, className: UTF16Text,
    isVolatile: Bool, isNew: inout Bool, status: inout UInt32
  ) -> KeyPointer? {
    isNew = false
    status = ServiceStatus.success
    var key = start
    var position = 0
    while position < path.count {
      if path[position] == separator {
        position += 1
        continue
      }
      let end = path[position...].firstIndex(of: separator) ?? path.count
      let name = UTF16Text(rebasing: path[position..<end])
      let isLast = !path[end...].contains { $0 != separator }
      if let child = key.child(name) {
        key = child
      } else {
        guard missing == .makeAll || missing == .makeLast && isLast else {
          status = ServiceStatus.objectNameNotFound
          return nil
        }
        guard name.count <= Self.longestName else {
          status = ServiceStatus.invalidParameter
          return nil
        }
        if key.pointee.isVolatile, !isVolatile {
          status = ServiceStatus.childMustBeVolatile
          return nil
        }
        let none = UTF16Text(start: nil, count: 0)
        let child = KeyPointer.make(
          name, className: isLast ? className : none, isVolatile: isVolatile,
          time: machine.systemTime)
        key.insert(child)
        key.pointee.lastWriteTime = machine.systemTime
        key = child
        isNew = true
      }
      position = end
    }
    return key
  }

  /// Makes a key and those above it; `path` begins below `\REGISTRY`.
  @discardableResult
  func makeKeys(_ path: String) -> KeyPointer? {
    Array(path.utf16).withUnsafeBufferPointer { path in
      locked { makeKeys(path, from: state.pointee.root) }
    }
  }

  private func makeKeys(_ path: UTF16Text, from start: KeyPointer) -> KeyPointer? {
    var isNew = false
    var status: UInt32 = 0
    return follow(
      path, from: start, missing: .makeAll, className: UTF16Text(start: nil, count: 0),
      isVolatile: false, isNew: &isNew, status: &status)
  }

  /// The key that DriverEntry gets the path of exists from then on.
  package func makeServiceKey(_ name: UTF16Text) {
    locked {
      withUTF16(#"\MACHINE\SYSTEM\CurrentControlSet\Services"#) { services in
        if let services = makeKeys(services, from: state.pointee.root) {
          _ = makeKeys(name, from: services)
        }
      }
    }
  }

  /// Deletes a key that has no subkeys, under the lock.
  func delete(_ key: KeyPointer) -> UInt32 {
    guard !key.pointee.isDeleted else { return ServiceStatus.keyDeleted }
    // The roots of hives stay.
    guard key.pointee.firstChild == nil, let parent = key.pointee.parent,
      parent != state.pointee.root
    else { return ServiceStatus.cannotDelete }
    parent.remove(key)
    parent.pointee.lastWriteTime = machine.systemTime
    key.pointee.isDeleted = true
    if key.pointee.openCount == 0 {
      key.destroy()
    } else {
      key.pointee.next = state.pointee.firstDeleted
      state.pointee.firstDeleted = key
    }
    return ServiceStatus.success
  }

  /// Deletes a key and all below it, under the lock.
  func deleteTree(_ key: KeyPointer) {
    while let child = key.pointee.firstChild { deleteTree(child) }
    _ = delete(key)
  }

  /// Makes a key object; the caller has the reference.
  func makeObject(_ key: KeyPointer) -> UnsafeMutableRawPointer? {
    guard let body = machine.objects.create(.key, byteCount: 16) else { return nil }
    body.storeBytes(of: key, as: KeyPointer.self)
    key.pointee.openCount += 1
    return body
  }

  /// A key object goes: under no lock.
  fileprivate func forget(_ key: KeyPointer) {
    locked {
      key.pointee.openCount -= 1
      guard key.pointee.openCount == 0, key.pointee.isDeleted else { return }
      if state.pointee.firstDeleted == key {
        state.pointee.firstDeleted = key.pointee.next
      } else {
        var previous = state.pointee.firstDeleted
        while let candidate = previous, candidate.pointee.next != key {
          previous = candidate.pointee.next
        }
        previous?.pointee.next = key.pointee.next
      }
      key.destroy()
    }
  }
}

private let writeKeyPath:
  @convention(c) (UnsafeMutableRawPointer, UnsafeMutablePointer<UInt16>, Int) -> Int = {
    body, text, capacity in
    guard let key = body.load(as: KeyPointer?.self) else { return 0 }
    return Machine.current.registry.writePath(of: key, text, capacity)
  }

private let deleteKeyObject: @convention(c) (UnsafeMutableRawPointer) -> Void = { body in
  // Not yet a key when there was no memory for it.
  guard let key = body.load(as: KeyPointer?.self) else { return }
  Machine.current.registry.forget(key)
}
