import Ring3
import TestSupport
import Testing

/// USB devices, interfaces and pipes as targets of a framework driver.
@Suite struct UsbTargetTests {
  @Test("A USB device says what it is, and has a configuration with its interface")
  func description() throws {
    let stage = try UsbFrameworkStage()
    #expect(stage.device.state == .started)
    let answer = try stage.run(.describe)
    // WDF_USB_DEVICE_TRAIT_REMOTE_WAKE_CAPABLE | WDF_USB_DEVICE_TRAIT_AT_HIGH_SPEED
    #expect(answer[0...4] == [0, 6, 0x600, 0x547, 0x1002])
    #expect(answer[5...8] == [0xC000_0023, 55, 0, 0x0902])
    #expect(answer[9...15] == [1, 1, 1, 3, 2, 1, 1])
    try stage.end()
  }

  @Test("Strings are counted, cut, and given whole")
  func strings() throws {
    let stage = try UsbFrameworkStage()
    let first = UInt64(UInt8(ascii: "B"))
    let last = UInt64(UInt8(ascii: "d"))
    #expect(try stage.run(.query, 2, 32).prefix(8) == [0, 5, 0, 5, first, 0, 10, last])
    #expect(try stage.run(.query, 2, 3)[2...4] == [0x8000_0005, 5, first])
    #expect(try stage.run(.query, 9, 3)[0] == 0xC000_0001)
    #expect(try stage.run(.formatString, 2).prefix(5) == [0, 1, 0, 10, first])
    try stage.end()
  }

  @Test("A control transfer has the length of its buffer")
  func control() throws {
    let stage = try UsbFrameworkStage()
    #expect(try stage.run(.control, 0xD8, 0, 1, 0x77).prefix(2) == [0, 1])
    #expect(stage.board.register(0xD8) == 0x77)
    #expect(try stage.run(.control, 0xD7, 1, 8, 0).prefix(3) == [0, 1, 0x77])
    #expect(
      stage.board.requests.last
        == USBControlRequest(
          requestType: 0xC0, request: 0xD7, value: 0x1234, index: 0x5678, length: 8))
    #expect(try stage.run(.control, 0xD9, 0, 0, 0).prefix(2) == [0, 0])
    #expect(try stage.run(.control, 0x10, 0, 0, 0)[0] == 0xC000_0001)
    try stage.end()
  }

  @Test("Reads and writes of a process go over the bulk pipes")
  func loopback() throws {
    let stage = try UsbFrameworkStage()
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    #expect(try stage.file.write(bytes) == 1000)
    #expect(try stage.file.read(count: 512) == Array(bytes.prefix(512)))
    #expect(try stage.file.read(count: 512) == Array(bytes.dropFirst(512)))
    try stage.end()
  }

  @Test("A read waits for data; cancelled, it comes back at once")
  func cancelling() throws {
    let stage = try UsbFrameworkStage()
    let process = stage.file.process
    let buffer = try #require(UserBuffer(process, count: 512))
    let request = try stage.file.startRead(into: buffer)
    #expect(!request.isFinished)
    request.cancel()
    #expect(try request.wait(seconds: 20)?.status == .cancelled)
    #expect(stage.all.last == "transfer c0000120 c0010000")
    try stage.end()
  }

  @Test("A synchronous read that takes too long is cancelled")
  func timeout() throws {
    let stage = try UsbFrameworkStage()
    #expect(try stage.run(.loop, 64, 512).prefix(5) == [0, 64, 0, 64, 63])
    #expect(try stage.run(.loop, 0, 512)[2...3] == [0xC000_00B5, 0])
    #expect(try stage.run(.loop, 64, 512).prefix(5) == [0, 64, 0, 64, 63])
    #expect(try stage.run(.control, 0xD8, 0, 1, 1)[0] == 0)
    try stage.end()
  }

  @Test("What pipes and endpoints are, whichever setting is selected")
  func pipes() throws {
    let stage = try UsbFrameworkStage()
    // WdfUsbPipeTypeBulk and WdfUsbPipeTypeInterrupt; WdfIoTargetStarted.
    #expect(
      try stage.run(.pipes).prefix(12) == [512, 0x88, 3, 4, 0, 0, 0x88, 64, 1, 1, 1, 1])
    try stage.end()
  }

  @Test("Wrong lengths, directions and readers are refused")
  func refusals() throws {
    let stage = try UsbFrameworkStage()
    #expect(
      try stage.run(.refuse).prefix(8) == [
        0xC000_0206, 0xC000_0010, 0xC000_0010, 0xC000_0184, 0xC000_0010, 0xC000_0206, 0xC000_000D,
        0xC000_0004,
      ])
    try stage.end()
  }

  @Test("Frame number, connection and capabilities come from the bus")
  func bus() throws {
    let stage = try UsbFrameworkStage()
    #expect(try stage.run(.bus).prefix(6) == [0, 1, 0, 0, 0, 0xC000_00BB])
    try stage.end()
  }

  @Test("Another setting has its own pipes; the old ones are gone")
  func settings() throws {
    let stage = try UsbFrameworkStage()
    #expect(try stage.run(.select, 1).prefix(8) == [0, 1, 1, 1, 0, 0, 0, 0])
    #expect(try stage.run(.select, 7)[0] == 0xC000_000D)
    #expect(try stage.run(.loop, 64, 512).prefix(5) == [0, 64, 0, 64, 63])
    try stage.end()
  }

  @Test("A device is unconfigured and configured again in every way")
  func configurations() throws {
    let stage = try UsbFrameworkStage()
    #expect(try stage.run(.reselect).prefix(9) == [0, 0, 0, 1, 1, 0, 3, 0, 0])
    #expect(
      stage.board.takeEvents() == [
        "reset", "configuration 1", "configuration 0", "configuration 1",
        "interface 0 setting 1", "configuration 1", "configuration 1",
      ])
    try stage.end()
  }

  @Test("A request block of the driver is sent, and again by a request")
  func requestBlock() throws {
    let stage = try UsbFrameworkStage()
    // WdfRequestTypeUsb and WdfUsbRequestTypePipeUrb.
    #expect(try stage.run(.sendUrb, 0x33).prefix(8) == [0, 0, 0, 0, 1, 0x40, 9, 1])
    #expect(stage.board.waiting == 2)
    try stage.end()
  }

  @Test("A reset port leaves the device configured; a cycled one is a new device")
  func port() throws {
    let stage = try UsbFrameworkStage()
    #expect(try stage.run(.port, 0)[0] == 0)
    #expect(try stage.run(.loop, 64, 512).prefix(2) == [0, 64])
    #expect(try stage.run(.port, 1)[0] == 0)
    try stage.file.close()
    try stage.kernel.settleDevices()
    #expect(!stage.device.exists)
    let new = try #require(stage.kernel.devices.first)
    #expect(new.state == .started)
    try new.remove()
    try stage.end()
  }

  @Test("A board that connects anew takes its requests with it, and is a new device")
  func reconnect() throws {
    let stage = try UsbFrameworkStage()
    let process = try stage.kernel.makeProcess()
    let guid = try #require(GUID(UsbFrameworkStage.interface))
    let link = try #require(stage.kernel.deviceInterfaces(guid).first)
    let reader = try process.open(link)
    let pending = try reader.startRead(into: UserBuffer(process, count: 512))
    #expect(!pending.isFinished)
    // The request itself is done.
    #expect(try stage.run(.control, 0xDA, 0, 0)[0] == 0)
    #expect(try pending.wait(seconds: 20)?.status.bits == 0xC000_009D)
    try reader.close()
    try stage.file.close()
    try stage.kernel.settleDevices()
    #expect(!stage.device.exists)
    let new = try #require(stage.kernel.devices.first)
    #expect(new.state == .started)
    let file = try process.open(#require(new.interfaces.first))
    #expect(try file.write(Array(1...9)) == 9)
    #expect(try file.read(count: 512) == Array(1...9))
    try file.close()
    try new.remove()
    try stage.end()
  }
}
