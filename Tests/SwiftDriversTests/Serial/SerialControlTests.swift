import Glibc
import Ring3
import Testing

@testable import SampleDrivers

/// Control requests of the serial port, and its life.
struct SerialControlTests {
  let stage: SerialStage

  init() throws { stage = try SerialStage() }

  // MARK: Events

  @Test func `a wait ends with what happens`() throws {
    try stage.set(.serialSetWaitMask, SerialEvents([.received, .eventChar]))
    try stage.set(.serialSetChars, SerialChars(event: 10))
    let (wait, buffer) = try stage.startWait()
    stage.send([65, 10])
    #expect(try wait.wait()?.information == 4)
    #expect(buffer.bytes(0..<4) == [3, 0, 0, 0])
  }

  @Test func `what happened before the wait ends it at once`() throws {
    try stage.set(.serialSetWaitMask, SerialEvents.sent)
    try stage.port.write([1])
    let (wait, buffer) = try stage.startWait()
    #expect(try wait.wait()?.status == .success)
    #expect(buffer.bytes(0..<4) == [4, 0, 0, 0])
  }

  @Test func `a new mask ends the wait for the old one with no event`() throws {
    try stage.set(.serialSetWaitMask, SerialEvents.breakReceived)
    let (wait, buffer) = try stage.startWait()
    try stage.set(.serialSetWaitMask, SerialEvents.ring)
    #expect(try wait.wait()?.status == .success)
    #expect(buffer.bytes(0..<4) == [0, 0, 0, 0])
    #expect(try stage.get(.serialGetWaitMask, SerialEvents.self) == .ring)
  }

  @Test func `one wait at a time, and not for nothing`() throws {
    let (none, _) = try stage.startWait()
    #expect(try none.wait()?.status == .invalidParameter)
    try stage.set(.serialSetWaitMask, SerialEvents.breakReceived)
    let (first, _) = try stage.startWait()
    let (second, _) = try stage.startWait()
    #expect(try second.wait()?.status == .invalidParameter)
    #expect(!first.isFinished)
    first.cancel()
    #expect(try first.wait()?.status == .cancelled)
    let (third, _) = try stage.startWait()
    #expect(!third.isFinished)
    #expect(stage.refusal(.serialSetWaitMask, 0x8000 as UInt32) == .invalidParameter)
  }

  // MARK: Settings

  @Test func `settings are kept, and the tty has them`() throws {
    try stage.set(.serialSetBaudRate, 115_200 as UInt32)
    try stage.set(.serialSetLineControl, SerialLineControl(stopBits: 2, parity: 2, wordLength: 7))
    try stage.set(.serialSetHandflow, SerialHandflow(control: 1, flow: 0x43))
    #expect(try stage.get(.serialGetBaudRate, UInt32.self) == 115_200)
    let line = try stage.get(.serialGetLineControl, SerialLineControl.self)
    #expect(line == SerialLineControl(stopBits: 2, parity: 2, wordLength: 7))
    #expect(try stage.get(.serialGetHandflow, SerialHandflow.self).flow == 0x43)
    #expect(try stage.get(.serialGetChars, SerialChars.self).xon == 0x11)
    var tty = termios()
    #expect(tcgetattr(stage.other, &tty) == 0)
    #expect(cfgetospeed(&tty) == speed_t(B115200))
    #expect(tty.c_iflag & tcflag_t(IXON) != 0 && tty.c_cflag & tcflag_t(CSTOPB) != 0)
  }

  @Test func `settings that make no sense are refused`() throws {
    #expect(stage.refusal(.serialSetBaudRate, 12_345 as UInt32) == .invalidParameter)
    for line in [
      SerialLineControl(wordLength: 9), SerialLineControl(parity: 5),
      SerialLineControl(stopBits: 1, wordLength: 8), SerialLineControl(stopBits: 2, wordLength: 5),
      SerialLineControl(stopBits: 3),
    ] { #expect(stage.refusal(.serialSetLineControl, line) == .invalidParameter) }
    for flow in [
      SerialHandflow(control: 3), SerialHandflow(control: 4), SerialHandflow(flow: 0x20),
      SerialHandflow(xonLimit: -1), SerialHandflow(xoffLimit: 5000),
    ] { #expect(stage.refusal(.serialSetHandflow, flow) == .invalidParameter) }
    let never = SerialTimeouts(readInterval: .max, readMultiplier: .max, readConstant: .max)
    #expect(stage.refusal(.serialSetTimeouts, never) == .invalidParameter)
    #expect(try stage.get(.serialGetTimeouts, SerialTimeouts.self).readInterval == 0)
    #expect(stage.refusal(.serialSetTimeouts, 0 as UInt32) == .bufferTooSmall)
  }

  @Test func `codes that are not known are refused`() throws {
    for function in [0, 28, 31, 33, 34, 39, 0x7FF] as [UInt16] {
      let code = IoControlCode(deviceType: .serialPort, function: function, method: .buffered)
      #expect(stage.refusal(code, 0 as UInt64) == .invalidDeviceRequest)
    }
  }

  @Test func `lines that the tty lacks are remembered`() throws {
    try stage.set(.serialSetDtr, ())
    try stage.set(.serialSetRts, ())
    #expect(try stage.get(.serialGetDtrRts, UInt32.self) == 3)
    try stage.set(.serialClrDtr, ())
    #expect(try stage.get(.serialGetDtrRts, UInt32.self) == 2)
    #expect(try stage.get(.serialGetModemStatus, UInt32.self) == 0)
    #expect(try stage.get(.serialGetProperties, SerialProperties.self).capabilities & 7 == 0)
    try stage.set(.serialSetBreakOn, ())
    try stage.set(.serialSetBreakOff, ())
    // What the driver governs a program cannot set.
    try stage.set(.serialSetHandflow, SerialHandflow(control: 2, flow: 0x80))
    #expect(stage.refusal(.serialSetDtr, ()) == .invalidParameter)
    #expect(stage.refusal(.serialClrRts, ()) == .invalidParameter)
  }

  @Test func `figures are kept`() throws {
    try stage.port.write([1, 2, 3])
    stage.send([4, 5])
    try stage.waitForInput(2)
    try stage.set(.serialImmediateChar, 6 as UInt8)
    #expect(stage.receive(4) == [1, 2, 3, 6])
    let stats = try stage.get(.serialGetStats, SerialStats.self)
    #expect(stats.received == 2 && stats.transmitted == 4)
    try stage.set(.serialClearStats, ())
    #expect(try stage.get(.serialGetStats, SerialStats.self).received == 0)
    try stage.set(.serialSetQueueSize, [8192, 8192] as [2 of UInt32])
    #expect(try stage.get(.serialGetProperties, SerialProperties.self).currentRxQueue == 8192)
    #expect(try stage.get(.serialConfigSize, UInt32.self) == 0)
  }

  // MARK: Life

  @Test func `one program has the port at a time`() throws {
    let error = #expect(throws: KernelError.self) { try stage.process.open(#"\\.\COM3"#) }
    #expect(error?.status == .accessDenied)
    try stage.port.close()
    let again = try stage.process.open(#"\\.\COM3"#)
    stage.send([9])
    #expect(try again.read(count: 1) == [9])
  }

  @Test func `the port is found by its interface`() throws {
    #expect(stage.kernel.deviceInterfaces(Serial.interface).count == 1)
  }

  @Test func `a read waits through the sleep of the system`() throws {
    let (read, _) = try stage.startRead(2)
    try stage.kernel.sleep(.s3)
    try stage.kernel.wake()
    stage.send([1, 2])
    #expect(try read.wait()?.information == 2)
  }

  @Test func `a port that is pulled out ends its requests`() throws {
    let (read, _) = try stage.startRead(2)
    let write = try stage.startWrite([UInt8](repeating: 1, count: 300_000))
    try stage.device.surpriseRemove()
    #expect(try read.wait()?.status.isSuccess == false)
    #expect(try write.wait()?.status.isSuccess == false)
    try stage.port.close()
    // The device goes with its last file.
    try stage.kernel.settleDevices()
    try stage.driver.unload()
    #expect(stage.kernel.leaks.isEmpty)
  }

  @Test func `nothing is left when it is unloaded`() throws {
    let (read, _) = try stage.startRead(2)
    try stage.port.close()
    #expect(try read.wait()?.status == .cancelled)
    try stage.device.remove()
    try stage.driver.unload()
    #expect(stage.kernel.leaks.isEmpty)
  }
}
