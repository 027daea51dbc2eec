import Testing

// Scripts whose program lies: lengths that are not those of its buffers, and pointers to anything.
extension CommandLineTests {
  /// Runs a script against `trusting.c`; every expectation in it must hold.
  private func runTrusting(_ script: String) throws {
    try withFolder {
      try write("script", #"open \\.\Defect"# + "\n" + script)
      let run = try ring3("run", "--verify", Self.drivers + "/trusting.c", "script")
      #expect(run.status == 0, "\(run.output)\(run.errors)")
    }
  }

  @Test("BUF-39: a driver of METHOD_NEITHER gets the lengths and addresses that a script states")
  func statedBuffers() throws {
    try runTrusting(
      """
      buffer first fill:41:4096
      buffer second 16
      ioctl 0x222003 in first length 0xFFFFFFFF out second length 4096
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222004 out 48
      expect data hex:0100000000000000+address:first+hex:ffffffff00000000+address:second+hex:00100000000000000010000000000000
      ioctl 0x222003 in pointer 0x1000 length 64 out pointer 0xFFFF800000000000 length 8
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222004 out 48
      expect data hex:0200000000000000+address:0x1000+address:64+address:0xffff800000000000+address:8+zero:8
      ioctl 0x222003 in pointer 0xFFFF800000000000 length 8
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222003 in first length 5
      expect status STATUS_SUCCESS
      ioctl 0x222004 out 48
      expect data hex:0400000000000000+address:first+address:5+zero:16+address:5
      """)
  }

  @Test(
    "BUF-33, BUF-35, BUF-37: what the I/O manager cannot copy or lock is refused, and the driver sees nothing"
  )
  func unreadableBuffers() throws {
    try runTrusting(
      """
      buffer block 4096
      ioctl 0x222000 in pointer 0x1000 length 64
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222000 in block length 4097
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222000 in "abc" out block length 4097
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222000 out pointer 0xFFFF800000000000 length 8
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222001 in "abc" out pointer 0x1000 length 64
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222002 in "abc" out pointer 0 length 64
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222002 in pointer 0x4FFFFFFEFFF0 length 64 out block
      expect status STATUS_ACCESS_VIOLATION
      read pointer 0xFFFFFFFFFFFFFFF0 length 4096
      expect status STATUS_ACCESS_VIOLATION
      write pointer 0x1000 length 16 at 512
      expect status STATUS_ACCESS_VIOLATION
      async read block length 8192
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222004 out 48
      expect data zero:48
      read block length 16
      expect information 16
      ioctl 0x222004 out 48
      expect data address:1+zero:40
      show requests
      """)
  }

  @Test("BUF-31: NULL is no buffer, whatever length is stated with it")
  func nullBuffers() throws {
    try runTrusting(
      """
      ioctl 0x222000 in pointer 0 length 64 out pointer 0 length 64
      expect status STATUS_SUCCESS
      ioctl 0x222004 out 48
      expect data address:1+zero:40
      ioctl 0x222000 in "abc" length 2 out pointer 0 length 64
      ioctl 0x222004 out 48
      expect data address:2+zero:8+address:2+zero:24
      """)
  }

  @Test("a buffer of a script holds the address of another one, and a driver writes there")
  func addresses() throws {
    try runTrusting(
      """
      buffer what hex:1122334455667788
      buffer where 12
      ioctl 0x222008 in address:what+address:where
      expect status STATUS_SUCCESS
      expect buffer where hex:112233445566778800000000
      buffer structure address:what+address:0xFFFF800000000000
      ioctl 0x222008 in structure
      expect status STATUS_ACCESS_VIOLATION
      ioctl 0x222008 in structure length 15
      expect status STATUS_BUFFER_TOO_SMALL
      """)
  }

  @Test("a buffer that turns out to have no bytes is a mistake of the script")
  func emptyBuffer() throws {
    try withFolder {
      try write("empty", "")
      try write("script", #"open \\.\Defect"# + "\nbuffer block file:empty\n")
      let run = try ring3("run", Self.drivers + "/trusting.c", "script")
      #expect(run.status == 2)
      #expect(run.errors.contains("line 2: a buffer of no bytes has no address"), "\(run.errors)")
    }
  }
}
