import CRing3
import Glibc

/// One `R3Thread` with a kernel stack, bound to the host thread while `run` runs.
struct KernelThread: ~Copyable {
  static let stackSize = 256 << 10
  static let pageSize = 4096

  let thread: UnsafeMutablePointer<R3Thread>
  private let mapping: UnsafeMutableRawPointer

  init() {
    thread = .allocate(capacity: 1)
    thread.initialize(to: R3Thread())
    guard
      let mapping = mmap(
        nil, Self.stackSize + Self.pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
        -1, 0), mapping != MAP_FAILED
    else { fatalError("no memory for a stack") }
    mprotect(mapping, Self.pageSize, PROT_NONE)
    self.mapping = mapping
    let limit = UInt64(UInt(bitPattern: mapping)) + UInt64(Self.pageSize)
    thread.pointee.stackLimit = limit
    thread.pointee.stackBase = limit + UInt64(Self.stackSize)
  }

  deinit {
    munmap(mapping, Self.stackSize + Self.pageSize)
    thread.deallocate()
  }

  /// Enters the kernel and runs `body` there, or leaves it with the value given to `r3_leave`.
  borrowing func run(_ body: @escaping () -> UInt64) -> UInt64 {
    let before = r3_current()
    r3_bind(thread)
    defer { r3_bind(before) }
    return Self.enter(thread, body)
  }

  /// Calls `r3_enter` on a bound thread.
  ///
  /// Leaving may leak what `body` holds.
  static func enter(
    _ thread: UnsafeMutablePointer<R3Thread>, _ body: @escaping () -> UInt64
  ) -> UInt64 {
    var body = body
    return withUnsafeMutablePointer(to: &body) { pointer in
      r3_enter(
        thread,
        { ($0.unsafelyUnwrapped.assumingMemoryBound(to: (() -> UInt64).self)).pointee() },
        pointer)
    }
  }
}

/// Import stubs in executable memory.
struct Stubs: ~Copyable {
  private let mapping: UnsafeMutablePointer<UInt8>
  private var count = 0

  init() {
    guard
      let page = mmap(
        nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      page != MAP_FAILED
    else { fatalError("no executable memory") }
    mapping = page.assumingMemoryBound(to: UInt8.self)
  }

  deinit { munmap(mapping, 4096) }

  mutating func make(
    _ target: UnsafeRawPointer, _ argumentCount: Int, variadic: Bool = false
  ) -> UnsafeRawPointer {
    let at = mapping + count * Int(R3_STUB_SIZE)
    count += 1
    r3_make_stub(at, target, UInt32(argumentCount), variadic ? 1 : 0)
    return UnsafeRawPointer(at)
  }

  mutating func makeMissing(
    _ handler: UnsafeRawPointer, _ name: UnsafePointer<CChar>
  ) -> UnsafeRawPointer {
    let at = mapping + count * Int(R3_STUB_SIZE)
    count += 1
    r3_make_missing_stub(at, handler, name)
    return UnsafeRawPointer(at)
  }
}

/// The address of a C function that is held in a variable of C function type.
func address<Function>(_ f: Function) -> UnsafeRawPointer {
  precondition(MemoryLayout<Function>.size == 8)
  return unsafeBitCast(f, to: UnsafeRawPointer.self)
}

/// The address of a C function that was declared for its address.
func leaf(_ f: @convention(c) () -> Void) -> UnsafeRawPointer {
  unsafeBitCast(f, to: UnsafeRawPointer.self)
}
