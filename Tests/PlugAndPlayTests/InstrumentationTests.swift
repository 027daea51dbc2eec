import Ring3
import TestSupport
import Testing

/// Blocks that drivers offer to WMI, and what the system knows of a device.
@Suite struct InstrumentationTests {
  private let block = GUID("{8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0003}")

  private func stage() throws -> Stage {
    let stage = try Stage()
    try stage.kernel.addDevice(
      stack: [stage.load("wmi")], hardwareIDs: [#"ROOT\WmiTest"#], description: "A test")
    return stage
  }

  @Test("A driver finds the properties of its device, and keeps its own")
  func properties() throws {
    let said = try stage().said()
    #expect(said.contains("0 failures"), "\(said)")
  }

  @Test("Instances of a block are read and written, and a write fires an event")
  func instances() throws {
    let stage = try stage()
    let block = try #require(block)
    #expect(try stage.kernel.queryBlock(block) == [11, 0, 0, 0])
    #expect(try stage.kernel.queryBlock(block, instance: 1) == [22, 0, 0, 0])
    try stage.kernel.setBlock(block, to: [5, 0, 0, 0], instance: 1)
    #expect(try stage.kernel.queryBlock(block, instance: 1) == [5, 0, 0, 0])
    let event = try #require(stage.kernel.instrumentationEvents.last)
    #expect(event.guid == "{8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0004}")
    #expect(event.data == [5, 0, 0, 0])
  }

  @Test("A method gets its input and gives its output, however long that is")
  func methods() throws {
    let stage = try stage()
    let output = try stage.kernel.executeMethod(5, of: #require(block), input: [21, 0, 0, 0])
    #expect(output.count == 5000)
    #expect(output.prefix(4) == [42, 0, 0, 0])
  }

  @Test("What is not there is refused with its status")
  func refused() throws {
    let stage = try stage()
    let block = try #require(block)
    func name(_ body: () throws(KernelError) -> Void) -> String? { stage.status(body)?.name }
    #expect(
      name { () throws(KernelError) in _ = try stage.kernel.queryBlock(block, instance: 2) }
        == "STATUS_WMI_INSTANCE_NOT_FOUND")
    #expect(
      name { () throws(KernelError) in try stage.kernel.setBlock(block, to: [1]) }
        == "STATUS_INVALID_PARAMETER")
    let other = try #require(GUID(Stage.test))
    #expect(
      name { () throws(KernelError) in _ = try stage.kernel.queryBlock(other) }
        == "STATUS_WMI_GUID_NOT_FOUND")
    try stage.kernel.devices.first?.remove()
    #expect(
      name { () throws(KernelError) in _ = try stage.kernel.queryBlock(block) }
        == "STATUS_WMI_GUID_NOT_FOUND")
  }
}
