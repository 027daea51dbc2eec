// A keyboard of Linux as a keyboard of Windows.
import Ring3

/// Scan codes of a Linux event device, or of a file that was recorded from one.
///
/// The value `Device` of its parameters is the path, such as `/dev/input/event3`;
/// `KeyboardDataQueueSize` says how many scan codes wait for a read, 100 unless it is set. Programs
/// open `\\.\Keyboard0`, or the device interface.
public final class Keyboard: SwiftDriver {
  public static let isPlugAndPlay = true
  /// GUID_DEVINTERFACE_KEYBOARD.
  public static let interface = GUID(
    data1: 0x884B_96C3, data2: 0x56EF, data3: 0x11D1, data4: 0xBC8C_00A0_C914_05DD)

  private let path: String?
  private let queueSize: Int

  public init(_ driver: DriverObject) throws {
    path = try driver.parameters.string("Device")
    queueSize = Int(try driver.parameters.dword("KeyboardDataQueueSize") ?? 100)
    guard queueSize > 0 else { throw NTStatus.invalidParameter }
  }

  public func add(_ device: consuming DeviceInit) throws {
    let port = KeyboardPort(path: path, queueSize: queueSize)
    try device.setName(#"\Device\KeyboardClass0"#)
    device.setType(.keyboard)
    device.setBufferAccess(.buffered)
    device.onPrepareHardware { _, _ in try port.open() }
    device.onReleaseHardware { _ in port.close() }
    device.onD0Entry { device, _ in try port.begin(device) }
    device.onD0Exit { _, _ in port.end() }
    let made = try device.makeDevice()
    try made.makeInterface(Self.interface)
    try made.makeLink(#"\??\Keyboard0"#)
    // Reads wait here until there is input; the framework cancels them. While the device sleeps none
    // comes here, and none that is here must miss the first key afterwards.
    let reads = try made.makeQueue(.manual, for: .forwarded, isPowerManaged: false)
    port.setReads(reads)
    try made.makeQueue(.parallel) { queue in
      queue.onRead { request in
        let size = MemoryLayout<KeyboardInput>.size
        guard request.length % size == 0 else { throw NTStatus.bufferTooSmall }
        request.forward(to: reads)
        port.serve()
      }
      queue.onDeviceControl { request, code in try port.control(request, code) }
    }
  }
}
