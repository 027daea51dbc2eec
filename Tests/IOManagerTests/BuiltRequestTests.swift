import Ring3
import TestSupport
import Testing

/// BUF-08, BUF-72 to BUF-74 and BUF-57, BUF-58: requests that drivers make.
@Suite struct BuiltRequestTests {
  static func code(_ method: UInt64) -> UInt64 { 0x8000_2400 | method }

  @Test("BUF-72: a control request of a driver goes by the method of its code", arguments: [0, 1])
  func builtControl(pend: UInt64) throws {
    let builder = try Builder()
    // target, code, input, output, internal, status, information, pend, fill
    let result = try builder.run(.control, 0, Self.code(0), 10, 24, 0, 0, 24, pend, 0x3D)
    #expect(result[0] == 0 && result[14] == 1)
    #expect(result[1] == (pend == 0 ? 0 : 0x103))
    #expect(result[2] == 0 && result[3] == 24 && result[4] != 0)
    // Major function, system buffer, no MDL, UserBuffer is the output, flags, kernel mode, input.
    #expect(result[5] == 0x0E && result[6] != 0 && result[7] == 0 && result[8] == 1)
    #expect(result[9] & 0x70 == 0x70 && result[10] == 0 && result[11] == 0xA5)
    #expect(result[12] == 24)
    #expect(builder.kernel.ioFigures.irps == 0)
    #expect(builder.kernel.poolUsage(of: .ioBuffers)?.liveCount == 0)
  }

  @Test("BUF-08: a driver may send an internal control request, to which the same rules apply")
  func internalControl() throws {
    let builder = try Builder()
    let result = try builder.run(.control, 0, Self.code(0), 4, 4, 1, 0, 4, 0, 0x3D)
    #expect(result[13] == 0x0F && result[5] == 0x0F && result[12] == 4)
  }

  @Test("BUF-72: the other methods", arguments: [1, 2, 3] as [UInt64])
  func otherMethods(method: UInt64) throws {
    let builder = try Builder()
    let result = try builder.run(.control, 0, Self.code(method), 10, 24, 0, 0, 24, 0, 0x3D)
    if method == 3 {
      #expect(result[6] == 0 && result[7] == 0 && result[8] == 1 && result[15] == 1)
      #expect(result[9] & 0x70 == 0)
    } else {
      #expect(result[6] != 0 && result[7] != 0)
      // The target fills the memory behind the MDL.
      #expect(result[12] == 24)
    }
    let figures = builder.kernel.ioFigures
    #expect(figures.irps == 0 && figures.mdls == 0 && figures.lockedPages == 0)
  }

  @Test("BUF-72: without lengths there is no buffer; for memory that cannot be locked no request")
  func noBuffer() throws {
    let builder = try Builder()
    let empty = try builder.run(.control, 0, Self.code(0), 0, 0, 0, 0, 0, 0, 0)
    #expect(empty[0] == 0 && empty[6] == 0 && empty[9] & 0x70 == 0)
    let bad = try builder.run(.control, 0, Self.code(2), 0, 16, 0, 0, 0, 0, 0, 0x10)
    #expect(bad[0] == 1)
    #expect(builder.kernel.ioFigures.irps == 0 && builder.kernel.ioFigures.mdls == 0)
  }

  @Test(
    "BUF-73: a transfer goes as the flags of its target say",
    arguments: [0, 1, 2] as [UInt64], [0, 1] as [UInt64])
  func builtTransfer(target: UInt64, isSynchronous: UInt64) throws {
    let builder = try Builder()
    for pend in [0, 1] as [UInt64] {
      // target, function, length, synchronous, status, information, pend, fill
      let read = try builder.run(.transfer, target, 3, 100, isSynchronous, 0, 100, pend, 0x6B)
      #expect(read[0] == 0 && read[2] == 0 && read[3] == 100 && read[4] != 0)
      // Only the synchronous one belongs to a thread.
      #expect(read[13] == isSynchronous)
      switch target {
      case 0: #expect(read[6] != 0 && read[7] == 0 && read[9] & 0x70 == 0x70)
      case 1: #expect(read[6] == 0 && read[7] != 0)
      default: #expect(read[6] == 0 && read[7] == 0 && read[8] == 1)
      }
      #expect(read[12] == 100)
      let write = try builder.run(.transfer, target, 4, 100, isSynchronous, 0, 100, pend, 0x6B)
      #expect(write[2] == 0 && write[11] == 0xA5 && write[12] == 0)
      #expect(builder.kernel.ioFigures.irps == 0)
    }
    #expect(builder.kernel.ioFigures.mdls == 0)
    #expect(builder.kernel.poolUsage(of: .ioBuffers)?.liveCount ?? 0 == 0)
  }

  @Test("BUF-74: a new IRP is empty, its location past the top; it can be used again")
  func newIrp() throws {
    let builder = try Builder()
    for count in [1, 2, 4, 5, 20] as [UInt64] {
      let fields = try builder.run(.fields, count)
      #expect(fields[0] == 6 && fields[1] == 0xD0 + 0x48 * count && fields[2] == count)
      #expect(fields[3] == count + 1 && fields[4] == 0xD0 + 0x48 * count)
      #expect(fields[5] == 0 && fields[6] == 0xD0 + 0x48 * count)
      #expect(fields[7] == count + 1 && fields[8] == 0xC000_00BB && fields[9] == 0)
      #expect(fields[10] == 1)
    }
    #expect(builder.kernel.ioFigures.irps == 0)
  }

  @Test(
    "BUF-74: what IoFreeIrp may not free is found",
    arguments: [(.freeBuilt, 2), (.free, 1)] as [(Builder.Experiment, UInt64)])
  func badFree(experiment: Builder.Experiment, rule: UInt64) throws {
    let builder = try Builder()
    let error = #expect(throws: KernelError.self) { try builder.run(experiment) }
    let bugCheck = try #require(error?.bugCheck)
    #expect(bugCheck.code == .verifierIOManagerViolation && bugCheck.parameters[0] == rule)
  }

  @Test("BUF-57: a completion routine is called when one of its conditions holds")
  func matrix() throws {
    let builder = try Builder()
    // Bits of the sets: 1 success, 2 error, 4 cancel.
    func expected(_ conditions: UInt64) -> UInt64 {
      (0..<8).reduce(0) { $0 | ($1 & conditions != 0 ? 1 << $1 : 0) }
    }
    #expect(try builder.run(.matrix, 0, 0)[0] == expected(1))
    #expect(try builder.run(.matrix, 0x4000_0000, 0)[0] == expected(1))
    #expect(try builder.run(.matrix, 0x8000_0005, 0)[0] == expected(2))
    #expect(try builder.run(.matrix, 0xC000_0001, 0)[0] == expected(2))
    #expect(try builder.run(.matrix, 0, 1)[0] == expected(1 | 4))
    #expect(try builder.run(.matrix, 0xC000_0120, 1)[0] == expected(2 | 4))
    #expect(builder.kernel.ioFigures.irps == 0)
  }

  @Test("BUF-58: a request that a completion routine took back ends with a second completion")
  func takenBack() throws {
    let builder = try Builder()
    let result = try builder.run(.completeAgain)
    // Stopped once: nothing copied, the buffer alive, the event not set.
    #expect(result[0] == 1 && result[1] == 0 && result[2] == 0x77 && result[3] == 0)
    #expect(result[4] == 0x77 && result[5] == 16)
    #expect(builder.kernel.ioFigures.irps == 0)
  }

  @Test("A master request is complete with the last of its parts", arguments: [0, 1] as [UInt64])
  func associated(pend: UInt64) throws {
    let builder = try Builder()
    _ = try builder.run(.associated, pend)
    #expect(builder.kernel.ioFigures.irps == 0)
  }

  @Test(
    "IoForwardIrpSynchronously has the request back when it returns", arguments: [0, 1] as [UInt64])
  func forwarded(pend: UInt64) throws {
    let builder = try Builder()
    #expect(try builder.run(.forward, 0x4000_0000, pend).prefix(3) == [1, 0x4000_0000, 5])
    #expect(builder.kernel.ioFigures.irps == 0)
  }

  @Test(
    "IoSetCompletionRoutineEx calls the routine once and leaves nothing",
    arguments: [0, 1] as [UInt64])
  func routineEx(pend: UInt64) throws {
    let builder = try Builder()
    _ = try builder.run(.routineEx, pend)
    #expect(try builder.run(.routineExCount)[0] == 1)
    #expect(builder.kernel.poolUsage(of: PoolTag(rawValue: 0x7243_6F49))?.liveCount == 0)
  }

  @Test("A driver's own request that goes past the top, or has no location left, ends the kernel")
  func mistakes() throws {
    for (experiment, code) in [(.ownIrpToTop, 0x44), (.noLocation, 0x35)]
      as [(Builder.Experiment, UInt32)]
    {
      let builder = try Builder()
      let error = #expect(throws: KernelError.self) { try builder.run(experiment) }
      #expect(error?.bugCheck?.code == BugCheckCode(code))
    }
  }
}
