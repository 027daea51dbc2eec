import Machine
import Testing

@Suite struct UserWatchTests {
  private typealias Fetch = UserWatch.Fetch

  /// Notes reads and gives, for each, whether bytes of it were read before.
  private func doubles(
    _ fetches: [(start: UInt, count: UInt, size: UInt32, stack: UInt32)],
    writing: (after: Int, range: Range<UInt>)? = nil
  ) throws -> [Bool] {
    let machine = try Machine.make(MachineConfiguration())
    defer { machine.destroy() }
    var watch = UserWatch(process: machine.systemProcess, irp: 0)
    let room = UnsafeMutablePointer<Fetch>.allocate(capacity: UserWatch.fetchCapacity)
    defer { room.deallocate() }
    room.initialize(repeating: Fetch(), count: UserWatch.fetchCapacity)
    watch.fetches = room
    return fetches.enumerated().map { index, fetch in
      if let writing, writing.after == index {
        watch.forget(writing.range.lowerBound, writing.range.upperBound)
      }
      return watch.noteFetch(
        Fetch(
          start: fetch.start, end: fetch.start + fetch.count, size: fetch.size, stack: fetch.stack))
        != nil
    }
  }

  @Test("4.6: a word that is read again, alone or in a longer copy, is a double fetch")
  func doubled() throws {
    #expect(try doubles([(0, 4, 4, 1), (0, 4, 4, 2)]) == [false, true])
    #expect(try doubles([(0, 4, 4, 1), (0, 16, 16, 2), (8, 4, 4, 3)]) == [false, true, true])
  }

  @Test("4.6: parts of a copy that overlap, bytes, and the same place again are none")
  func single() throws {
    #expect(try doubles([(0, 4, 4, 1), (3, 4, 4, 2)]) == [false, false])
    #expect(try doubles([(0, 1, 1, 1), (0, 1, 1, 2), (0, 16, 16, 3)]) == [false, false, false])
    #expect(
      try doubles([(0, 16, 16, 1), (16, 16, 16, 1), (8, 16, 16, 1)]) == [false, false, false])
  }

  @Test("4.6: what one place reads piece by piece counts as one read")
  func pieces() throws {
    #expect(
      try doubles([(0, 16, 16, 1), (16, 16, 16, 1), (8, 16, 16, 2)]) == [false, false, true])
  }

  @Test("4.6: what the driver has written itself may be read again")
  func written() throws {
    #expect(try doubles([(0, 4, 4, 1), (0, 4, 4, 2)], writing: (1, 2..<3)) == [false, false])
  }

  @Test("4.1: a probed range holds exactly its bytes, and too many of them hold all")
  func probes() throws {
    let machine = try Machine.make(MachineConfiguration())
    defer { machine.destroy() }
    var watch = UserWatch(process: machine.systemProcess, irp: 0)
    watch.noteProbe(100, 10)
    #expect(
      !watch.isProbed(99) && watch.isProbed(100) && watch.isProbed(109) && !watch.isProbed(110))
    for index in 0..<UInt(UserWatch.probeCapacity) { watch.noteProbe(1000 + index, 1) }
    #expect(watch.isProbed(5))
  }
}
