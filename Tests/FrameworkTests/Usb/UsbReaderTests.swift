import Ring3
import TestSupport
import Testing

/// Continuous readers, and USB drivers through sleep and removal.
@Suite struct UsbReaderTests {
  @Test("A continuous reader gives what comes, and reads on")
  func reading() throws {
    let stage = try UsbFrameworkStage()
    for value in 1...5 { stage.board.setSwitches(UInt8(value)) }
    #expect(stage.all == (1...5).map { "switches 1 of 14: 0\($0)" })
    try stage.end()
  }

  @Test("Without device data a reader keeps its reads pending, and they end with the driver")
  func pending() throws {
    let stage = try UsbFrameworkStage()
    #expect(stage.all.isEmpty)
    try stage.end()
    #expect(stage.all.isEmpty)
  }

  @Test("After a failure the pipe is reset, and the reader goes on")
  func recovering() throws {
    let stage = try UsbFrameworkStage()
    stage.board.answerInterrupt(.stall)
    stage.wait(for: "readers failed c0000001 c0000004")
    stage.board.setSwitches(0x21)
    stage.wait(for: "switches 1 of 14: 21")
    try stage.end()
  }

  @Test("A driver that gives up its readers starts them with the target again")
  func givingUp() throws {
    let stage = try UsbFrameworkStage()
    #expect(try stage.run(.readers, 1)[0] == 0)
    stage.board.answerInterrupt(.failure(0xC000_0011))
    stage.wait(for: "readers failed c0000001 c0000011")
    stage.board.setSwitches(0x21)
    #expect(try stage.run(.readers, 0)[0] == 0)
    try stage.kernel.sleep(.s3)
    try stage.kernel.wake()
    stage.wait(for: "switches 1 of 14: 21")
    try stage.end()
  }

  @Test("Nothing is read while the machine sleeps, and all of it afterwards")
  func sleeping() throws {
    let stage = try UsbFrameworkStage()
    try stage.kernel.sleep(.s3)
    #expect(stage.device.power == .d3)
    stage.board.setSwitches(0x55)
    #expect(stage.all.isEmpty)
    try stage.kernel.wake()
    #expect(stage.device.power == .d0)
    stage.wait(for: "switches 1 of 14: 55")
    #expect(try stage.file.write([1, 2, 3]) == 3)
    #expect(try stage.file.read(count: 512) == [1, 2, 3])
    try stage.end()
  }

  @Test("A device that is pulled out takes its requests with it", arguments: [true, false])
  func surprise(byItself: Bool) throws {
    let stage = try UsbFrameworkStage()
    let buffer = try #require(UserBuffer(stage.file.process, count: 512))
    let request = try stage.file.startRead(into: buffer)
    if byItself { stage.board.port?.disconnect() } else { try stage.device.surpriseRemove() }
    #expect(try request.wait(seconds: 20)?.status.isSuccess == false)
    try stage.kernel.settleDevices()
    #expect(stage.device.state == .surpriseRemoved)
    try stage.file.close()
    try stage.kernel.settleDevices()
    #expect(!stage.device.exists)
    try stage.end()
  }
}
