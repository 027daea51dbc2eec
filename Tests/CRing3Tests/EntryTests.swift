import CRing3
import CRing3TestSupport
import Testing

@Suite("Calls between Swift and driver code")
struct EntryTests {
  private static func expectedHash(_ count: Int) -> UInt64 {
    let numbers = (0..<count).map { UInt64(101 + $0) } + [0]
    return test_hash(numbers, UInt32(count))
  }

  @Test("An export gets its arguments", arguments: 0...12)
  func exportArguments(count: Int) {
    let kernel = KernelThread()
    var stubs = Stubs()
    let stub = stubs.make(test_hashFunction(UInt32(count)), count)
    let hash = kernel.run { test_driverCall(stub, UInt32(count)) }
    #expect(hash == Self.expectedHash(count))
    #expect(kernel.thread.pointee.frames == nil)
  }

  @Test("A driver function gets its arguments", arguments: 0...12)
  func driverArguments(count: Int) {
    let kernel = KernelThread()
    let arguments = (0..<count).map { UInt64(101 + $0) } + [0]
    let function = test_driverHashFunction(UInt32(count))
    let expected = Self.expectedHash(count)
    let a = arguments
    #expect(kernel.run { r3_callN(function, a, UInt64(count)) } == expected)
    let direct: UInt64? =
      switch count {
      case 0: kernel.run { r3_call0(function) }
      case 1: kernel.run { r3_call1(function, a[0]) }
      case 2: kernel.run { r3_call2(function, a[0], a[1]) }
      case 3: kernel.run { r3_call3(function, a[0], a[1], a[2]) }
      case 4: kernel.run { r3_call4(function, a[0], a[1], a[2], a[3]) }
      case 5: kernel.run { r3_call5(function, a[0], a[1], a[2], a[3], a[4]) }
      case 6: kernel.run { r3_call6(function, a[0], a[1], a[2], a[3], a[4], a[5]) }
      case 8: kernel.run { r3_call8(function, a) }
      default: nil
      }
    #expect(direct == nil || direct == expected)
  }

  @Test("A variadic export gets a pointer to all arguments")
  func variadic() {
    let kernel = KernelThread()
    var stubs = Stubs()
    let target: @convention(c) (UnsafePointer<UInt64>) -> UInt64 = { arguments in
      guard arguments[1] == 1, Double(bitPattern: arguments[2]) == 2.5 else { return 0 }
      return (3...7).reduce(0) { $0 * 10 + arguments[Int($1)] }
    }
    let stub = stubs.make(address(target), 1, variadic: true)
    #expect(kernel.run { test_driverCallVariadic(stub) } == 34567)
  }

  @Test("Nonvolatile registers survive an export", arguments: [0, 4, 5, 6, 7, 8, 12])
  func nonvolatileRegisters(count: Int) {
    let kernel = KernelThread()
    var stubs = Stubs()
    let target: @convention(c) (UInt64) -> UInt64 = { test_clobber($0) }
    let stub = stubs.make(address(target), count)
    #expect(kernel.run { test_countChangedRegisters(stub, 1) } == 0)
  }

  @Test("Nonvolatile registers survive a variadic export")
  func nonvolatileRegistersVariadic() {
    let kernel = KernelThread()
    var stubs = Stubs()
    let target: @convention(c) (UnsafePointer<UInt64>) -> UInt64 = { test_clobber($0[0]) }
    let stub = stubs.make(address(target), 0, variadic: true)
    #expect(kernel.run { test_countChangedRegisters(stub, 1) } == 0)
  }

  @Test("Frames form a chain while driver, Swift and driver call each other")
  func chain() {
    let kernel = KernelThread()
    var stubs = Stubs()
    // Swift counts the frames above it and, while there are fewer than three, goes on into the driver.
    let target: @convention(c) (UnsafeRawPointer) -> UInt64 = { stub in
      guard let thread = r3_current() else { return 0 }
      var depth: UInt64 = 0
      var frame = thread.pointee.frames
      var last: UInt64 = 0
      while let next = frame {
        guard next.pointee.rsp > last else { return 0 }
        last = next.pointee.rsp
        depth += 1
        frame = next.pointee.previous
      }
      return depth == 3 ? 1000 : r3_call1(stub, UInt64(UInt(bitPattern: stub)))
    }
    let stub = stubs.make(address(target), 1)
    #expect(kernel.run { r3_call1(stub, UInt64(UInt(bitPattern: stub))) } == 1000)
    #expect(kernel.thread.pointee.frames == nil)
  }

  @Test("A frame holds the target, the return address and the registers of the driver")
  func frameContents() {
    let kernel = KernelThread()
    var stubs = Stubs()
    let target: @convention(c) () -> UInt64 = {
      guard let frame = r3_current()?.pointee.frames?.pointee else { return 0 }
      let ok =
        frame.rbx == 0x1001 && frame.rbp == 0x1002 && frame.rdi == 0x1003 && frame.rsi == 0x1004
        && frame.r12 == 0x1005 && frame.r15 == 0x1008 && frame.target != 0
        && UnsafePointer<UInt64>(bitPattern: UInt(frame.rsp - 8))?.pointee == frame.rip
      if let thread = r3_current(), ok { r3_leave(thread, 9) }
      return 0
    }
    let stub = stubs.make(address(target), 0)
    #expect(kernel.run { test_countChangedRegisters(stub, 1) } == 9)
  }

  @Test("A thread leaves as its export returns when the machine has halted")
  func halted() {
    let kernel = KernelThread()
    var stubs = Stubs()
    let flag = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    defer { flag.deallocate() }
    flag.initialize(to: 0)
    kernel.thread.pointee.halted = UnsafePointer(flag)
    let target: @convention(c) (UnsafeMutablePointer<UInt32>) -> UInt64 = {
      $0.pointee = 1
      return 1
    }
    let stub = stubs.make(address(target), 1)
    let left = kernel.run { r3_call1(stub, UInt64(UInt(bitPattern: flag))) }
    #expect(left == R3_LEFT_HALTED)
    #expect(kernel.thread.pointee.frames == nil)
  }

  @Test("An import that nobody implements calls the handler with its name")
  func missing() {
    let kernel = KernelThread()
    var stubs = Stubs()
    let handler: @convention(c) (UnsafePointer<CChar>) -> UInt64 = { name in
      if let thread = r3_current() { r3_leave(thread, UInt64(name[0])) }
      return 0
    }
    let left = "KeNoSuchThing".withCString { name in
      let stub = stubs.makeMissing(address(handler), name)
      return kernel.run { test_driverCall(stub, 3) }
    }
    #expect(left == UInt64(UInt8(ascii: "K")))
  }
}
