// The driver of the simulated bus master `BlockMover`: reads and writes become DMA transactions, which
// the device carries out between its memory and the program's own pages.
import Ring3

public final class BlockMoverDriver: SwiftDriver {
  public static let isPlugAndPlay = true

  public init(_ driver: DriverObject) throws {}

  public func add(_ device: consuming DeviceInit) throws {
    var setup = consume device
    let mover = Mover()
    try setup.setName(#"\Device\BlockMover"#)
    setup.setBufferAccess(.direct)
    setup.onPrepareHardware { _, resources in try mover.prepare(resources) }
    setup.onReleaseHardware { _ in mover.release() }
    setup.onSurpriseRemoval { _ in mover.giveUp(.deviceRemoved) }
    let device = try setup.makeDevice()
    try device.makeLink(#"\??\BlockMover"#)
    try mover.connect(device)
    // One at a time: the device has one ring.
    try device.makeQueue(.sequential) { queue in
      queue.onRead { (request: consuming Request) in mover.start(request, .readFromDevice) }
      queue.onWrite { (request: consuming Request) in mover.start(request, .writeToDevice) }
    }
  }
}
