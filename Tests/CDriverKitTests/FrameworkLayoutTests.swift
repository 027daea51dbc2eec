import CDriverKit
import Foundation
import Testing

/// The structures of KMDF as Swift sees them; `layout.c` has the size of every one.
@Suite struct FrameworkLayoutTests {
  @Test("OBJ-26: WDF_OBJECT_ATTRIBUTES")
  func objectAttributes() {
    #expect(MemoryLayout<WDF_OBJECT_ATTRIBUTES>.size == 0x38)
    expect(0, of: \WDF_OBJECT_ATTRIBUTES.Size)
    expect(8, of: \WDF_OBJECT_ATTRIBUTES.EvtCleanupCallback)
    expect(0x10, of: \WDF_OBJECT_ATTRIBUTES.EvtDestroyCallback)
    expect(0x18, of: \WDF_OBJECT_ATTRIBUTES.ExecutionLevel)
    expect(0x1C, of: \WDF_OBJECT_ATTRIBUTES.SynchronizationScope)
    expect(0x20, of: \WDF_OBJECT_ATTRIBUTES.ParentObject)
    expect(0x28, of: \WDF_OBJECT_ATTRIBUTES.ContextSizeOverride)
    expect(0x30, of: \WDF_OBJECT_ATTRIBUTES.ContextTypeInfo)
  }

  @Test("OBJ-32: execution levels and synchronization scopes")
  func levels() {
    #expect(WdfExecutionLevelInvalid.rawValue == 0)
    #expect(WdfExecutionLevelInheritFromParent.rawValue == 1)
    #expect(WdfExecutionLevelPassive.rawValue == 2)
    #expect(WdfExecutionLevelDispatch.rawValue == 3)
    #expect(WdfSynchronizationScopeInheritFromParent.rawValue == 1)
    #expect(WdfSynchronizationScopeDevice.rawValue == 2)
    #expect(WdfSynchronizationScopeQueue.rawValue == 3)
    #expect(WdfSynchronizationScopeNone.rawValue == 4)
  }

  @Test("MEM-27: WDF_MEMORY_DESCRIPTOR and its types")
  func memoryDescriptor() {
    #expect(MemoryLayout<WDF_MEMORY_DESCRIPTOR>.size == 0x18)
    expect(0, of: \.Type as WritableKeyPath<WDF_MEMORY_DESCRIPTOR, _>)
    expect(8, of: \WDF_MEMORY_DESCRIPTOR.u.BufferType.Buffer)
    expect(0x10, of: \WDF_MEMORY_DESCRIPTOR.u.BufferType.Length)
    expect(8, of: \WDF_MEMORY_DESCRIPTOR.u.MdlType.Mdl)
    expect(0x10, of: \WDF_MEMORY_DESCRIPTOR.u.MdlType.BufferLength)
    expect(8, of: \WDF_MEMORY_DESCRIPTOR.u.HandleType.Memory)
    expect(0x10, of: \WDF_MEMORY_DESCRIPTOR.u.HandleType.Offsets)
    #expect(WdfMemoryDescriptorTypeInvalid.rawValue == 0)
    #expect(WdfMemoryDescriptorTypeBuffer.rawValue == 1)
    #expect(WdfMemoryDescriptorTypeMdl.rawValue == 2)
    #expect(WdfMemoryDescriptorTypeHandle.rawValue == 3)
  }

  @Test("REQ-48: WDF_REQUEST_SEND_OPTIONS and its flags")
  func sendOptions() {
    #expect(MemoryLayout<WDF_REQUEST_SEND_OPTIONS>.size == 0x10)
    expect(0, of: \WDF_REQUEST_SEND_OPTIONS.Size)
    expect(4, of: \WDF_REQUEST_SEND_OPTIONS.Flags)
    expect(8, of: \WDF_REQUEST_SEND_OPTIONS.Timeout)
    #expect(WDF_REQUEST_SEND_OPTION_TIMEOUT.rawValue == 0x1)
    #expect(WDF_REQUEST_SEND_OPTION_SYNCHRONOUS.rawValue == 0x2)
    #expect(WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE.rawValue == 0x4)
    #expect(WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET.rawValue == 0x8)
  }

  @Test("REQ-51: WDF_REQUEST_COMPLETION_PARAMS")
  func completionParameters() {
    expect(0, of: \WDF_REQUEST_COMPLETION_PARAMS.Size)
    expect(4, of: \.Type as WritableKeyPath<WDF_REQUEST_COMPLETION_PARAMS, _>)
    expect(8, of: \WDF_REQUEST_COMPLETION_PARAMS.IoStatus)
    expect(0x18, of: \WDF_REQUEST_COMPLETION_PARAMS.Parameters.Read.Buffer)
    expect(0x20, of: \WDF_REQUEST_COMPLETION_PARAMS.Parameters.Read.Length)
    expect(0x28, of: \WDF_REQUEST_COMPLETION_PARAMS.Parameters.Write.Offset)
    expect(0x18, of: \WDF_REQUEST_COMPLETION_PARAMS.Parameters.Ioctl.IoControlCode)
    #expect(WdfRequestTypeNoFormat.rawValue == 0xFF)
  }

  @Test("DMA-21: SCATTER_GATHER_LIST")
  func scatterGatherList() {
    expect(0, of: \SCATTER_GATHER_LIST.NumberOfElements)
    expect(8, of: \SCATTER_GATHER_LIST.Reserved)
    #expect(MemoryLayout<SCATTER_GATHER_ELEMENT>.size == 0x18)
    expect(0, of: \SCATTER_GATHER_ELEMENT.Address)
    expect(8, of: \SCATTER_GATHER_ELEMENT.Length)
    expect(0x10, of: \SCATTER_GATHER_ELEMENT.Reserved)
  }

  @Test("Handles are plain addresses for Swift")
  func handles() {
    let address = UnsafeMutableRawPointer(bitPattern: 0x1000)
    let device: WDFDEVICE? = address
    let object: WDFOBJECT? = device
    #expect(object == address)
  }

  @Test("The slots of functions are those of the table, and 1.33 has 458")
  func slots() {
    #expect(WdfChildListCreateTableIndex.rawValue == 0)
    #expect(WdfDriverCreateTableIndex.rawValue == 116)
    #expect(WdfDeviceSetDeviceInterfaceStateExTableIndex.rawValue == 457)
    #expect(WdfFunctionTableNumEntries.rawValue == 458)
  }
}

/// The headers of the framework as drivers of each version read them.
@Suite struct FrameworkVersionTests {
  @Test("The headers are well formed for every version", arguments: 1...33)
  func headers(minor: Int) {
    let source = "#include <ntddk.h>\n#include <wdf.h>\n#include <wdfusb.h>\n"
    #expect(complaints(minor, source + "#include <wdfcx.h>\n#include <wdfminiport.h>\n") == "")
  }

  @Test(
    "Structures have the size that they had in the version",
    arguments: [
      (7, "WDF_IO_QUEUE_CONFIG", 0x50), (9, "WDF_IO_QUEUE_CONFIG", 0x58),
      (11, "WDF_IO_QUEUE_CONFIG", 0x60), (7, "WDF_TIMER_CONFIG", 0x18),
      (11, "WDF_TIMER_CONFIG", 0x20), (13, "WDF_TIMER_CONFIG", 0x28),
      (9, "WDF_INTERRUPT_CONFIG", 0x38), (11, "WDF_INTERRUPT_CONFIG", 0x60),
      (13, "WDF_INTERRUPT_CONFIG", 0x68), (7, "WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS", 0x18),
      (9, "WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS", 0x1C),
      (11, "WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS", 0x24), (9, "WDF_DMA_ENABLER_CONFIG", 0x40),
      (11, "WDF_DMA_ENABLER_CONFIG", 0x50), (27, "WDF_DEVICE_STATE", 0x1C),
      (29, "WDF_DEVICE_STATE", 0x20), (31, "WDF_POWER_FRAMEWORK_SETTINGS", 0x48),
      (33, "WDF_POWER_FRAMEWORK_SETTINGS", 0x58),
    ])
  func sizes(minor: Int, name: String, size: Int) {
    let source = """
      #include <ntddk.h>
      #include <wdf.h>
      _Static_assert(sizeof(\(name)) == \(size), "");

      """
    #expect(complaints(minor, source) == "")
  }

  @Test("A function that came later is not declared")
  func functions() {
    let source = """
      #include <ntddk.h>
      #include <wdf.h>
      void *f(void);
      void *f(void) { return (void *)WdfDeviceRetrieveCompanionTarget; }

      """
    #expect(complaints(21, source).contains("WdfDeviceRetrieveCompanionTarget"))
    #expect(complaints(23, source) == "")
  }

  private func complaints(_ minor: Int, _ source: String) -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).c")
    defer { try? FileManager.default.removeItem(at: file) }
    do {
      try ("#define KMDF_VERSION_MINOR \(minor)\n" + source)
        .write(to: file, atomically: true, encoding: .utf8)
    } catch {
      return "\(file.path) cannot be written: \(error)"
    }
    return Clang.complaints(about: file, language: "c", standard: "c17")
  }
}
