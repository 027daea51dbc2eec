import Ring3
import TestSupport
import Testing

/// Simulated USB devices, by request blocks of a WDM driver.
@Suite struct UsbBusTests {
  @Test("A USB device has its identifiers, and its drivers are found by them")
  func identifiers() throws {
    let stage = try UsbStage()
    let driver = try stage.kernel.loadTestDriver("usb-urb")
    try stage.kernel.match(#"USB\VID_0547&PID_1002"#, to: [driver])
    let device = try stage.kernel.plugIn(UsbBoard(serialNumber: "A7"))
    #expect(device.state == .started)
    #expect(device.description?.path == #"USB\VID_0547&PID_1002\A7"#)
    #expect(
      device.description?.hardwareIDs
        == [#"USB\VID_0547&PID_1002&REV_0100"#, #"USB\VID_0547&PID_1002"#])
    let other = try stage.kernel.plugIn(UsbBoard())
    #expect(other.description?.path == #"USB\VID_0547&PID_1002\0000"#)
    try device.remove()
    try other.remove()
    try driver.unload()
  }

  @Test("Descriptors are given as far as there is room")
  func descriptors() throws {
    let stage = try UsbStage(plugged: true)
    let device = try stage.call(0, [1, 0, 18])
    #expect(device.prefix(4) == [0, 18, 18, 1])
    #expect(device[10...13] == [0x47, 0x05, 0x02, 0x10])
    #expect(try stage.call(0, [2, 0, 9]).prefix(6) == [0, 9, 9, 2, 55, 0])
    #expect(try stage.call(0, [2, 0, 255]).prefix(2) == [0, 55])
    let product = try stage.call(0, [3, 2, 64])
    #expect(product.prefix(6) == [0, 12, 12, 3, UInt64(UInt8(ascii: "B")), 0])
    // USBD_STATUS_STALL_PID
    #expect(try stage.call(0, [3, 9, 64])[0] == 0xC000_0004)
  }

  @Test("A configuration is selected, with the pipes of its setting")
  func configuration() throws {
    let stage = try UsbStage(plugged: true)
    #expect(stage.board.takeEvents() == ["reset"])
    let answer = try stage.call(1, [0])
    #expect(answer.prefix(6) == [0, 0, 0, 0, 3, 1])
    #expect(answer[6...11] == [0x81, 8, 0x06, 512, 0x88, 512])
    #expect(stage.board.takeEvents() == ["configuration 1"])
    // USBD_STATUS_INVALID_CONFIGURATION_DESCRIPTOR
    #expect(try stage.call(1, [0, 7])[2...3] == [0xC000_000D, 0xC000_0F00])
  }

  @Test("A setting is selected; a wrong handle and too little room are refused")
  func settings() throws {
    let stage = try UsbStage(configured: true)
    #expect(try stage.call(7, [1, 1]).prefix(4) == [0, 0, 1, 64])
    #expect(stage.board.takeEvents().last == "interface 0 setting 1")
    #expect(try stage.call(7, [1, 1, 1]).prefix(2) == [0xC000_000D, 0x8000_0300])
    #expect(try stage.call(7, [0, 1]).prefix(2) == [0xC000_000D, 0xC000_3000])
    #expect(try stage.call(7, [5, 1]).prefix(2) == [0xC000_000D, 0xC000_4000])
    // The pipes of the first setting are closed.
    #expect(try stage.transfer(1, 64, 0).prefix(2) == [0xC000_000D, 0x8000_0600])
  }

  @Test("Data goes out and comes back, by address and by MDL", arguments: [0, 1])
  func loopback(mdl: UInt64) throws {
    let stage = try UsbStage(configured: true)
    #expect(try stage.transfer(1, 700, 0, 0x5A, mdl).prefix(3) == [0, 0, 700])
    #expect(stage.board.waiting == 1)
    #expect(try stage.transfer(2, 700, 3, 0, mdl).prefix(5) == [0, 0, 700, 0x5A, 0x5A])
  }

  @Test("A short transfer is an error unless it is allowed")
  func short() throws {
    let stage = try UsbStage(configured: true)
    _ = try stage.transfer(1, 10, 0, 1)
    #expect(try stage.transfer(2, 64, 3).prefix(3) == [0, 0, 10])
    _ = try stage.transfer(1, 10, 0, 1)
    #expect(try stage.transfer(2, 64, 1).prefix(3) == [0xC000_0001, 0x8000_0900, 10])
  }

  @Test("More data than was asked for is an overrun")
  func overrun() throws {
    let stage = try UsbStage(configured: true)
    stage.board.answerInterrupt(.data(Array(repeating: 7, count: 9)))
    #expect(try stage.transfer(0, 8, 3).prefix(3) == [0xC000_0001, 0xC000_000C, 8])
  }

  @Test("A read waits for its data, and completes at DISPATCH_LEVEL")
  func waiting() throws {
    let stage = try UsbStage(configured: true)
    #expect(try stage.call(9, [0])[0] == 0x103)
    #expect(stage.said() == ["urb start"])
    stage.board.setSwitches(0x42)
    #expect(stage.said() == ["read 00000000 00000000 length 1 level 2"])
  }

  @Test("A waiting read is cancelled, once")
  func cancelling() throws {
    let stage = try UsbStage(configured: true)
    _ = try stage.call(9, [0])
    #expect(try stage.call(10, [])[0] == 1)
    #expect(stage.said().last == "read c0000120 c0010000 length 0 level 0")
    #expect(try stage.call(10, [])[0] == 2)
  }

  @Test("Aborting a pipe brings its transfers back")
  func aborting() throws {
    let stage = try UsbStage(configured: true)
    _ = try stage.call(9, [0])
    #expect(try stage.call(3, [0, 2]).prefix(2) == [0, 0])
    #expect(stage.said().last == "read c0000120 c0010000 length 0 level 0")
    #expect(try stage.call(3, [99, 2]).prefix(2) == [0xC000_000D, 0x8000_0600])
  }

  @Test("A stalled endpoint stays halted until the pipe is reset")
  func stalling() throws {
    let stage = try UsbStage(configured: true)
    stage.board.answerInterrupt(.stall)
    #expect(try stage.transfer(0, 8, 3).prefix(3) == [0xC000_0001, 0xC000_0004, 0])
    #expect(try stage.transfer(0, 8, 3).prefix(2) == [0xC000_0001, 0xC000_0030])
    #expect(try stage.call(4, [0x15, 0x81]).prefix(2) == [0, 1])
    #expect(try stage.call(3, [0, 0x1E]).prefix(2) == [0, 0])
    #expect(try stage.call(4, [0x15, 0x81]).prefix(2) == [0, 0])
    stage.board.setSwitches(9)
    #expect(try stage.transfer(0, 8, 3).prefix(4) == [0, 0, 1, 9])
  }

  @Test("The device's own failure is the status of the request block")
  func failing() throws {
    let stage = try UsbStage(configured: true)
    stage.board.answerInterrupt(.failure(0xC000_0011))
    #expect(try stage.transfer(0, 8, 3).prefix(2) == [0xC000_0001, 0xC000_0011])
  }

  @Test("Vendor requests reach the device, and standard ones the bus")
  func control() throws {
    let stage = try UsbStage(configured: true)
    #expect(try stage.call(6, [0xD8, 0x55, 3, 1, 0, 0]).prefix(3) == [0, 0, 1])
    #expect(stage.board.register(0xD8) == 0x55)
    #expect(try stage.call(6, [0xD7, 0, 3, 1, 1, 3]).prefix(4) == [0, 0, 1, 0x55])
    #expect(
      stage.board.requests.last
        == USBControlRequest(requestType: 0xC0, request: 0xD7, value: 0, index: 3, length: 1))
    #expect(try stage.call(6, [0x11, 0, 0, 0, 0, 0]).prefix(2) == [0xC000_0001, 0xC000_0004])
    // GET_STATUS of the device, and its remote wake.
    #expect(try stage.call(4, [0x13, 0]).prefix(2) == [0, 0])
    #expect(try stage.call(5, [0x0D, 1, 0]).prefix(2) == [0, 0])
    #expect(try stage.call(4, [0x13, 0]).prefix(2) == [0, 2])
  }

  @Test("What the bus does not know is refused")
  func refusing() throws {
    let stage = try UsbStage(configured: true)
    #expect(try stage.call(8, [0x7777, 24]).prefix(2) == [0xC000_000D, 0x8000_0200])
    #expect(try stage.call(8, [0x35, 64]).prefix(2) == [0xC000_00BB, 0xC000_0E00])
    #expect(try stage.call(8, [9, 24]).prefix(2) == [0xC000_000D, 0x8000_0300])
    let frame = try stage.call(8, [7, 32])
    #expect(frame.prefix(2) == [0, 0] && frame[2] > 0)
  }

  @Test("The port says that the device is there; what it does not know it refuses")
  func port() throws {
    let stage = try UsbStage(configured: true)
    #expect(try stage.call(11, [0x22_0013]).prefix(2) == [0, 3])
    #expect(try stage.call(11, [0x22_0017])[0] == 0xC000_00BB)
    _ = stage.board.takeEvents()
    #expect(try stage.call(11, [0x22_0007])[0] == 0)
    #expect(stage.board.takeEvents() == ["reset", "configuration 1"])
  }

  @Test("A cycled port brings the device back as a new one")
  func cycling() throws {
    let stage = try UsbStage(configured: true)
    let old = try #require(stage.device)
    #expect(try stage.call(11, [0x22_001F])[0] == 0)
    try stage.kernel.settleDevices()
    #expect(old.state == .surpriseRemoved)
    #expect(stage.kernel.devices.count == 2)
    try stage.file?.close()
    try stage.kernel.settleDevices()
    #expect(stage.kernel.devices.count == 1)
    #expect(stage.kernel.devices.first?.state == .started)
    #expect(stage.said().contains("urb surprise"))
  }

  @Test("A device that falls off the bus fails its transfers, then it is removed")
  func disconnecting() throws {
    let stage = try UsbStage(configured: true)
    _ = try stage.call(9, [0])
    stage.board.port?.disconnect()
    try stage.kernel.settleDevices()
    #expect(stage.said().suffix(2) == ["read c000009d c0007000 length 0 level 0", "urb surprise"])
    #expect(try stage.transfer(1, 8, 0).prefix(2) == [0xC000_009D, 0xC000_7000])
    #expect(try stage.call(11, [0x22_0013]).prefix(2) == [0, 0])
    try stage.file?.close()
    try stage.kernel.settleDevices()
    #expect(stage.kernel.devices.isEmpty)
  }

  @Test("The interface of the bus, by version", arguments: [(0, 64, 2), (1, 72, 1), (3, 96, 1)])
  func interface(version: UInt64, size: UInt64, isHighSpeed: UInt64) throws {
    let stage = try UsbStage(configured: true)
    #expect(
      try stage.call(12, [version]).prefix(8)
        == [0, size, version, 0x200, 0, 0, 480_000_000, isHighSpeed])
    #expect(try stage.call(12, [4])[0] == 0xC000_00BB)
  }

  @Test("A driver is told that its device may be suspended, and ends the wait itself")
  func idling() throws {
    let stage = try UsbStage(configured: true)
    #expect(try stage.call(13, [0])[0] == 0x103)
    stage.wait(for: "idle level 0")
    #expect(try stage.call(13, [1])[0] == 1)
    #expect(stage.all().last == "idle c0000120")
  }

  @Test("The wait for suspension ends when the device works again")
  func resuming() throws {
    let stage = try UsbStage(configured: true)
    _ = try stage.call(13, [0])
    stage.wait(for: "idle level 0")
    try stage.device?.setPower(.d2)
    #expect(!stage.all().contains("idle 00000000"))
    try stage.device?.setPower(.d0)
    #expect(stage.all().contains("idle 00000000"))
  }

  @Test("Isochronous packets are exchanged one by one")
  func frames() throws {
    let isochronous = USBDevice(
      USBDescription(
        vendorID: 1, productID: 2,
        configurations: [
          USBConfiguration(interfaces: [USBInterface(endpoints: [.isochronousIn(1, 16)])])
        ]),
      send: { _, limit in .data(Array(repeating: 3, count: limit - 4)) })
    let stage = try UsbStage()
    try stage.plug(isochronous)
    _ = try stage.call(1, [0])
    #expect(try stage.call(14, [0, 3, 16]).prefix(7) == [0, 0, 36, 0, 12, 12, 12])
  }

  @Test("The library registers a driver and says what the bus can do")
  func library() throws {
    let stage = try UsbStage(configured: true)
    #expect(
      try stage.call(15, []).prefix(8)
        == [0, 0, 1, 0, 0xC000_00BB, 1, 0xC000_000D, 0xC000_000D])
  }
}

/// A kernel with a USB board and the driver that sends request blocks.
private final class UsbStage {
  let kernel: Kernel
  let board = UsbBoard()
  private(set) var device: Device?
  private(set) var file: File?
  private var seen = 0

  init(plugged: Bool = false, configured: Bool = false) throws {
    var configuration = Configuration()
    configuration.verifies = true
    kernel = try Kernel(configuration: configuration)
    if plugged || configured { try plug(board) }
    if configured { _ = try call(1, [0]) }
  }

  func plug(_ device: any SimulatedUSBDevice) throws {
    self.device = try kernel.plugIn(device, stack: [kernel.loadTestDriver("usb-urb")])
    let guid = try #require(GUID(Stage.test))
    let link = try #require(kernel.deviceInterfaces(guid).first)
    file = try kernel.makeProcess().open(link)
  }

  /// Has the driver do something with numbers; gives the numbers that it answers with.
  func call(_ number: UInt32, _ input: [UInt64]) throws -> [UInt64] {
    let file = try #require(file)
    let bytes = input.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let output = try file.deviceControl(
      IoControlCode(bits: 0x22_0000 | (0x800 + number) << 2), input: bytes, outputCount: 256)
    return stride(from: 0, to: output.count, by: 8).map { start in
      (0..<8).reduce(0) { $0 | UInt64(output[start + $1]) << ($1 * 8) }
    }
  }

  func transfer(
    _ pipe: UInt64, _ length: UInt64, _ flags: UInt64, _ fill: UInt64 = 0, _ mdl: UInt64 = 0
  ) throws -> [UInt64] {
    try call(2, [pipe, length, flags, fill, mdl])
  }

  /// Waits for something that a worker thread has the driver say.
  func wait(for line: String) {
    let end = ContinuousClock.now + .seconds(20)
    while !all().contains(line), ContinuousClock.now < end {}
    #expect(all().contains(line))
  }

  func all() -> [String] { kernel.debugOutput.split(separator: "\n").map(String.init) }

  func said() -> [String] {
    let lines = all()
    defer { seen = lines.count }
    return Array(lines.dropFirst(seen))
  }
}
