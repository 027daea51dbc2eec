// A serial port over a tty of the host, or over a pseudo-terminal that the driver makes.
import Ring3

/// The classic buffered device: `\\.\COM3`, with the control codes that terminal programs use.
///
/// The value `Port` of its parameters is the path of the tty, such as `/dev/ttyUSB0`. Without it the
/// driver makes a pseudo-terminal; IOCTL function 0x800 tells the path of its other end. `PortName`
/// is the name that programs open; `COM3` unless it is set.
public final class Serial: SwiftDriver {
  public static let isPlugAndPlay = true
  /// GUID_DEVINTERFACE_COMPORT.
  public static let interface = GUID(
    data1: 0x86E0_D1E0, data2: 0x8089, data3: 0x11D0, data4: 0x9CE4_0800_3E30_1F73)

  private let path: String?
  private let name: String

  public init(_ driver: DriverObject) throws {
    path = try driver.parameters.string("Port")
    name = try driver.parameters.string("PortName") ?? "COM3"
  }

  public func add(_ device: consuming DeviceInit) throws {
    let port = SerialPort(path: path)
    try device.setName(#"\Device\"# + name)
    device.setType(.serialPort)
    device.setBufferAccess(.buffered)
    device.setExclusive()
    device.onPrepareHardware { _, _ in try port.open() }
    device.onReleaseHardware { _ in port.close() }
    device.setFiles { files in
      files.onCreate { request, _ in
        try port.begin()
        request.complete()
      }
      files.onCleanup { _ in port.cancelAll() }
      files.onClose { _ in port.end() }
    }
    let made = try device.makeDevice()
    try made.makeInterface(Self.interface)
    try made.makeLink(#"\??\"# + name)
    try port.makeTimers(made)
    try makeQueues(made, port)
  }

  private func makeQueues(_ device: DeviceObject, _ port: SerialPort) throws {
    // One read and one write at a time, as the bytes come and go.
    let reads = try device.makeQueue(.sequential, for: .kinds([.read])) { queue in
      queue.onRead { request in try port.read(request) }
      queue.onStop { request, reason in
        if reason.contains(.purge) { port.cancelRead() } else { request.keep() }
      }
    }
    let writes = try device.makeQueue(.sequential, for: .kinds([.write])) { queue in
      queue.onWrite { request in port.write(request) }
      queue.onStop { request, reason in
        if reason.contains(.purge) { port.cancelWrite() } else { request.keep() }
      }
    }
    // The queue that gives them is held while the device sleeps; this one is there before it.
    let waits = try device.makeQueue(.manual, for: .forwarded, isPowerManaged: false)
    port.setQueues(reads: reads, writes: writes, waits: waits)
    // Control requests do not wait for each other.
    try device.makeQueue(.parallel) { queue in
      queue.onDeviceControl { request, code in try port.control(request, code) }
    }
  }
}
