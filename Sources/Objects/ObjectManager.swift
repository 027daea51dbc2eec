import CRing3
import Glibc
import Machine
import Memory

/// The object manager of a machine: types, life and names of objects.
public struct ObjectManager {
  @usableFromInline package let machine: Machine

  @inlinable public init(machine: Machine) { self.machine = machine }

  var state: UnsafeMutablePointer<ObjectManagerState> {
    machine[.objects]!.assumingMemoryBound(to: ObjectManagerState.self)
  }

  /// Makes the object manager of a new machine.
  package static func install(in machine: Machine) {
    let state = UnsafeMutablePointer<ObjectManagerState>.allocate(capacity: 1)
    state.initialize(to: ObjectManagerState())
    machine[.objects] = UnsafeMutableRawPointer(state)
    machine.state.pointee.teardown.append { machine in
      machine.forEachProcess { machine.objects.destroyTable(of: $0) }
      machine[.objects]?.assumingMemoryBound(to: ObjectManagerState.self).pointee.destroy()
      machine[.objects]?.deallocate()
    }
    machine.objects.makeRoot()
    for kind in [ObjectKind.event, .semaphore, .mutant, .timer, .section] {
      machine.objects.forgetNameWithLastHandle(kind)
    }
    machine.objects.makeMemoryConditions()
    machine.objects.adopt(machine.systemProcess)
    machine.state.pointee.hooks.threadMade = { body in
      if let thread = Thread(body) { thread.machine.objects.adopt(thread) }
    }
  }
}

extension Machine {
  /// The object manager.
  @inlinable public var objects: ObjectManager { ObjectManager(machine: self) }
}

package struct ObjectManagerState {
  package let types: UnsafeMutablePointer<ObjectType>
  var lock = MachineLock()
  /// Guards names: directories, links and the names of objects.
  var nameLock = MachineLock()
  var root: UnsafeMutableRawPointer?
  var memoryConditions = MemoryConditionEvents()
  var callbacks = ObjectCallbacks()

  init() {
    types = .allocate(capacity: ObjectKind.allCases.count)
    for kind in ObjectKind.allCases {
      // Tags as the system's own: the first letters of the kind.
      var tag: UInt32 = 0
      for index in 0..<4 {
        let byte = index < kind.name.utf8CodeUnitCount ? kind.name.utf8Start[index] : 0x20
        tag |= UInt32(byte) << UInt32(index * 8)
      }
      (types + kind.rawValue).initialize(to: ObjectType(kind: kind, poolTag: tag))
    }
  }

  func destroy() { types.deallocate() }
}

extension ObjectManager {
  /// The type of a kind; its address is what a driver passes as POBJECT_TYPE.
  package func type(_ kind: ObjectKind) -> UnsafeMutablePointer<ObjectType> {
    state.pointee.types + kind.rawValue
  }

  /// Makes an object with a zeroed body, one reference and no name; nil without nonpaged pool.
  package func create(_ kind: ObjectKind, byteCount: Int) -> UnsafeMutableRawPointer? {
    let type = type(kind)
    guard
      let block = machine.pool.allocate(
        ObjectHeader.size + byteCount, kind: .nonpaged, tag: type.pointee.poolTag)
    else { return nil }
    memset(block, 0, ObjectHeader.size + byteCount)
    block.initializeMemory(
      as: ObjectHeader.self, to: ObjectHeader(machine: UnsafeMutableRawPointer(machine.state)))
    let body = block + ObjectHeader.size
    register(ObjectHeader.of(body), type)
    return body
  }

  /// Makes the manager know a process or thread that the machine made.
  package func adopt(_ process: Process) {
    let header = ObjectHeader.of(UnsafeMutableRawPointer(process.pointer))
    header.pointee.machine = UnsafeMutableRawPointer(machine.state)
    header.pointee.type = UnsafeMutableRawPointer(type(.process))
  }

  /// Makes the manager know a thread that the machine made.
  package func adopt(_ thread: Thread) {
    let header = ObjectHeader.of(UnsafeMutableRawPointer(thread.pointer))
    header.pointee.machine = UnsafeMutableRawPointer(machine.state)
    header.pointee.type = UnsafeMutableRawPointer(type(.thread))
  }

  private func register(
    _ header: UnsafeMutablePointer<ObjectHeader>, _ type: UnsafeMutablePointer<ObjectType>
  ) {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    header.pointee.type = UnsafeMutableRawPointer(type)
    header.pointee.created = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    state.pointee.lock.lock()
    header.pointee.next = type.pointee.first
    type.pointee.first?.pointee.previous = header
    type.pointee.first = header
    type.pointee.liveCount += 1
    type.pointee.createdCount += 1
    state.pointee.lock.unlock()
  }

  private func unregister(_ header: UnsafeMutablePointer<ObjectHeader>) {
    guard let type = header.pointee.type?.assumingMemoryBound(to: ObjectType.self) else { return }
    state.pointee.lock.lock()
    if let previous = header.pointee.previous {
      previous.pointee.next = header.pointee.next
    } else {
      type.pointee.first = header.pointee.next
    }
    header.pointee.next?.pointee.previous = header.pointee.previous
    type.pointee.liveCount -= 1
    state.pointee.lock.unlock()
  }

  /// The header of a live object; bug check 0x18 when `body` is none.
  package func header(of body: UnsafeMutableRawPointer) -> UnsafeMutablePointer<ObjectHeader> {
    let header = ObjectHeader.of(body)
    if header.pointee.signature != ObjectHeader.liveSignature { invalid(body) }
    return header
  }

  @inline(never)
  func invalid(_ body: UnsafeMutableRawPointer) -> Never {
    machine.bugCheck(0x18, 0, UInt64(UInt(bitPattern: body)), 1, 0)
  }

  /// Whether `body` is an object of the kind.
  package func isObject(_ body: UnsafeMutableRawPointer, _ kind: ObjectKind) -> Bool {
    header(of: body).pointee.type == UnsafeMutableRawPointer(type(kind))
  }

  /// Adds a reference.
  package func reference(_ body: UnsafeMutableRawPointer) {
    _ = r3_add64(&header(of: body).pointee.pointerCount, 1)
  }

  /// Lets a reference go; the last one deletes the object.
  ///
  /// Gives the number left.
  @discardableResult
  package func dereference(_ body: UnsafeMutableRawPointer) -> UInt64 {
    let before = r3_add64(&header(of: body).pointee.pointerCount, ~0)
    if before == 1 { delete(body) }
    if before == 0 { invalid(body) }
    return before - 1
  }

  /// Adds a reference unless the last one has gone.
  package func referenceIfLive(_ body: UnsafeMutableRawPointer) -> Bool {
    let count =
      UnsafeMutableRawPointer(header(of: body))
      + MemoryLayout<ObjectHeader>.offset(of: \.pointerCount)!
    var seen = r3_load64(count)
    while seen != 0 {
      if r3_cas64(count, seen, seen + 1) { return true }
      seen = r3_load64(count)
    }
    return false
  }

  /// Lets a reference go at any level; a worker deletes the object when it was the last.
  package func dereferenceDeferring(_ body: UnsafeMutableRawPointer) {
    let before = r3_add64(&header(of: body).pointee.pointerCount, ~0)
    if before == 1 { machine.workers.queue(deleteLater, body) }
    if before == 0 { invalid(body) }
  }

  func delete(_ body: UnsafeMutableRawPointer) {
    let header = ObjectHeader.of(body)
    guard let type = header.pointee.type?.assumingMemoryBound(to: ObjectType.self) else { return }
    // Threads and processes lie in the machine's own memory and live as long as it.
    if type.pointee.kind == .thread || type.pointee.kind == .process {
      header.pointee.pointerCount = 1
      return
    }
    if type.pointee.kind == .file, CurrentThread.irql > IRQL.passive {
      // The driver's close routine runs at PASSIVE_LEVEL.
      machine.workers.queue(deleteLater, body)
      return
    }
    removeName(of: body)
    type.pointee.delete?(body)
    unregister(header)
    if let descriptor = header.pointee.securityDescriptor { machine.pool.free(descriptor, tag: 0) }
    header.pointee.signature = 0
    machine.pool.free(UnsafeMutableRawPointer(header), tag: type.pointee.poolTag)
  }
}

/// Deletes an object whose last reference went at a raised level.
private let deleteLater: @convention(c) (UnsafeMutableRawPointer?) -> Void = { body in
  if let body { Machine.current.objects.delete(body) }
}
