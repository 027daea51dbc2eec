import CDriverKit
import Testing

/// The request blocks of USB as Swift sees them.
@Suite struct UsbLayoutTests {
  @Test("Descriptors are packed")
  func descriptors() {
    #expect(MemoryLayout<USB_DEVICE_DESCRIPTOR>.size == 18)
    #expect(MemoryLayout<USB_CONFIGURATION_DESCRIPTOR>.size == 9)
    #expect(MemoryLayout<USB_INTERFACE_DESCRIPTOR>.size == 9)
    #expect(MemoryLayout<USB_ENDPOINT_DESCRIPTOR>.size == 7)
    #expect(MemoryLayout<USB_DEFAULT_PIPE_SETUP_PACKET>.size == 8)
    #expect(MemoryLayout<USB_SUPERSPEED_ENDPOINT_COMPANION_DESCRIPTOR>.size == 6)
  }

  @Test("The header, and the sizes of requests")
  func sizes() {
    #expect(MemoryLayout<_URB_HEADER>.size == 0x18)
    expect(2, of: \_URB_HEADER.Function)
    expect(4, of: \_URB_HEADER.Status)
    expect(8, of: \_URB_HEADER.UsbdDeviceHandle)
    expect(0x10, of: \_URB_HEADER.UsbdFlags)
    #expect(MemoryLayout<_URB_PIPE_REQUEST>.size == 0x28)
    #expect(MemoryLayout<_URB_SELECT_INTERFACE>.size == 0x50)
    #expect(MemoryLayout<_URB_SELECT_CONFIGURATION>.size == 0x58)
    #expect(MemoryLayout<_URB_BULK_OR_INTERRUPT_TRANSFER>.size == 0x80)
    #expect(MemoryLayout<_URB_CONTROL_TRANSFER>.size == 0x88)
    #expect(MemoryLayout<_URB_CONTROL_TRANSFER_EX>.size == 0x88)
    #expect(MemoryLayout<_URB_CONTROL_VENDOR_OR_CLASS_REQUEST>.size == 0x88)
    #expect(MemoryLayout<_URB_ISOCH_TRANSFER>.size == 0x98)
    #expect(MemoryLayout<URB>.size == 0x98)
  }

  @Test("Buffer and length of every transfer lie at the same place")
  func transfers() {
    expect(0x18, of: \_URB_CONTROL_TRANSFER.PipeHandle)
    expect(0x20, of: \_URB_CONTROL_TRANSFER.TransferFlags)
    expect(0x24, of: \_URB_CONTROL_TRANSFER.TransferBufferLength)
    expect(0x28, of: \_URB_CONTROL_TRANSFER.TransferBuffer)
    expect(0x30, of: \_URB_CONTROL_TRANSFER.TransferBufferMDL)
    expect(0x80, of: \_URB_CONTROL_TRANSFER.SetupPacket)
    expect(0x24, of: \_URB_BULK_OR_INTERRUPT_TRANSFER.TransferBufferLength)
    expect(0x24, of: \_URB_CONTROL_DESCRIPTOR_REQUEST.TransferBufferLength)
    expect(0x82, of: \_URB_CONTROL_DESCRIPTOR_REQUEST.Index)
    expect(0x83, of: \_URB_CONTROL_DESCRIPTOR_REQUEST.DescriptorType)
    expect(0x84, of: \_URB_CONTROL_DESCRIPTOR_REQUEST.LanguageId)
    expect(0x84, of: \_URB_CONTROL_GET_STATUS_REQUEST.Index)
    expect(0x82, of: \_URB_CONTROL_FEATURE_REQUEST.FeatureSelector)
    expect(0x81, of: \_URB_CONTROL_VENDOR_OR_CLASS_REQUEST.Request)
    expect(0x80, of: \_URB_ISOCH_TRANSFER.StartFrame)
    expect(0x8C, of: \_URB_ISOCH_TRANSFER.IsoPacket)
  }

  @Test("What is said of interfaces and pipes")
  func information() {
    #expect(MemoryLayout<USBD_PIPE_INFORMATION>.size == 0x18)
    expect(8, of: \USBD_PIPE_INFORMATION.PipeHandle)
    expect(0x10, of: \USBD_PIPE_INFORMATION.MaximumTransferSize)
    #expect(MemoryLayout<USBD_INTERFACE_INFORMATION>.size == 0x30)
    expect(8, of: \USBD_INTERFACE_INFORMATION.InterfaceHandle)
    expect(0x18, of: \USBD_INTERFACE_INFORMATION.Pipes)
    #expect(MemoryLayout<USB_BUS_INTERFACE_USBDI_V0>.size == 0x40)
    #expect(MemoryLayout<USB_BUS_INTERFACE_USBDI_V3>.size == 0x60)
  }
}
