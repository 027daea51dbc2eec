import Ring3
import TestSupport
import Testing

/// What a driver in Swift is told of the devices that it has opened.
struct RemovalTests {
  private let kernel: Kernel
  private let device: Device
  private let told = Told<String>()

  init() throws {
    kernel = try Kernel()
    device = try kernel.addFunction()
  }

  private func open(refuses: Bool = false) throws {
    let told = told
    try kernel.run { _, device in
      let remote = try RemoteTarget(opening: functionName, for: device) { removal in
        removal.onQueryRemove { target in
          told.tell("query")
          if refuses { throw NTStatus.deviceBusy }
          target.closeForQueryRemove()
        }
        removal.onRemoveCanceled { target in
          told.tell("canceled")
          try target.reopen()
        }
        removal.onRemoveComplete { target in
          told.tell("complete")
          target.close()
        }
      }
      _ = remote.leaveToParent()
    }
  }

  @Test func `its target is closed when the device is removed`() throws {
    try open()
    try device.remove()
    #expect(!device.exists)
    #expect(told.values == ["query", "complete"])
  }

  @Test func `it refuses the removal by throwing`() throws {
    try open(refuses: true)
    #expect(throws: KernelError.self) { try device.remove() }
    #expect(device.state == .started)
    #expect(told.values.first == "query")
  }

  @Test func `its target is opened again when the removal is called off`() throws {
    try open()
    let file = try kernel.makeProcess().open(functionName)
    #expect(throws: KernelError.self) { try device.remove() }
    #expect(told.values == ["query", "canceled"])
    try file.close()
    try device.remove()
    #expect(told.values.suffix(2) == ["query", "complete"])
  }

  @Test func `without handlers its target is closed too`() throws {
    try kernel.run { _, device in
      _ = try RemoteTarget(opening: functionName, for: device).leaveToParent()
    }
    try device.remove()
    #expect(!device.exists)
  }
}
