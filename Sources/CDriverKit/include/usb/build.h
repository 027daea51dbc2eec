// Macros that fill in request blocks, and the sizes of those that vary.
#ifndef R3_USB_BUILD_H
#define R3_USB_BUILD_H

#define URB_STATUS(Urb) ((Urb)->UrbHeader.Status)

#define GET_SELECT_CONFIGURATION_REQUEST_SIZE(Interfaces, Pipes)             \
  ((USHORT)(sizeof(struct _URB_SELECT_CONFIGURATION) +                       \
            ((Interfaces) - 1) * sizeof(USBD_INTERFACE_INFORMATION) +        \
            ((Pipes) - (Interfaces)) * sizeof(USBD_PIPE_INFORMATION)))
#define GET_SELECT_INTERFACE_REQUEST_SIZE(Pipes) \
  ((USHORT)(sizeof(struct _URB_SELECT_INTERFACE) + ((Pipes) - 1) * sizeof(USBD_PIPE_INFORMATION)))
#define GET_USBD_INTERFACE_SIZE(Endpoints)                                                       \
  ((USHORT)(sizeof(USBD_INTERFACE_INFORMATION) + sizeof(USBD_PIPE_INFORMATION) * (Endpoints) - \
            sizeof(USBD_PIPE_INFORMATION)))
#define GET_ISO_URB_SIZE(Packets) \
  (sizeof(struct _URB_ISOCH_TRANSFER) + sizeof(USBD_ISO_PACKET_DESCRIPTOR) * (Packets))

#define UsbBuildInterruptOrBulkTransferRequest(Urb, Size, Pipe, Buffer, Mdl, BufferLength, Flags, \
                                               Link)                                              \
  {                                                                                               \
    (Urb)->UrbHeader.Function = URB_FUNCTION_BULK_OR_INTERRUPT_TRANSFER;                          \
    (Urb)->UrbHeader.Length = (Size);                                                             \
    (Urb)->UrbBulkOrInterruptTransfer.PipeHandle = (Pipe);                                        \
    (Urb)->UrbBulkOrInterruptTransfer.TransferBufferLength = (BufferLength);                      \
    (Urb)->UrbBulkOrInterruptTransfer.TransferBufferMDL = (Mdl);                                  \
    (Urb)->UrbBulkOrInterruptTransfer.TransferBuffer = (Buffer);                                  \
    (Urb)->UrbBulkOrInterruptTransfer.TransferFlags = (Flags);                                    \
    (Urb)->UrbBulkOrInterruptTransfer.UrbLink = (Link);                                           \
  }

#define UsbBuildGetDescriptorRequest(Urb, Size, Type, Number, Language, Buffer, Mdl, BufferLength, \
                                     Link)                                                         \
  {                                                                                                \
    (Urb)->UrbHeader.Function = URB_FUNCTION_GET_DESCRIPTOR_FROM_DEVICE;                           \
    (Urb)->UrbHeader.Length = (Size);                                                              \
    (Urb)->UrbControlDescriptorRequest.TransferBufferLength = (BufferLength);                      \
    (Urb)->UrbControlDescriptorRequest.TransferBufferMDL = (Mdl);                                  \
    (Urb)->UrbControlDescriptorRequest.TransferBuffer = (Buffer);                                  \
    (Urb)->UrbControlDescriptorRequest.DescriptorType = (Type);                                    \
    (Urb)->UrbControlDescriptorRequest.Index = (Number);                                           \
    (Urb)->UrbControlDescriptorRequest.LanguageId = (Language);                                    \
    (Urb)->UrbControlDescriptorRequest.UrbLink = (Link);                                           \
  }

#define UsbBuildGetStatusRequest(Urb, Operation, Number, Buffer, Mdl, Link)           \
  {                                                                                   \
    (Urb)->UrbHeader.Function = (Operation);                                          \
    (Urb)->UrbHeader.Length = sizeof(struct _URB_CONTROL_GET_STATUS_REQUEST);         \
    (Urb)->UrbControlGetStatusRequest.TransferBufferLength = sizeof(USHORT);          \
    (Urb)->UrbControlGetStatusRequest.TransferBufferMDL = (Mdl);                      \
    (Urb)->UrbControlGetStatusRequest.TransferBuffer = (Buffer);                      \
    (Urb)->UrbControlGetStatusRequest.Index = (Number);                               \
    (Urb)->UrbControlGetStatusRequest.UrbLink = (Link);                               \
  }

#define UsbBuildFeatureRequest(Urb, Operation, Selector, Number, Link)         \
  {                                                                            \
    (Urb)->UrbHeader.Function = (Operation);                                   \
    (Urb)->UrbHeader.Length = sizeof(struct _URB_CONTROL_FEATURE_REQUEST);     \
    (Urb)->UrbControlFeatureRequest.FeatureSelector = (Selector);              \
    (Urb)->UrbControlFeatureRequest.Index = (Number);                          \
    (Urb)->UrbControlFeatureRequest.UrbLink = (Link);                          \
  }

#define UsbBuildSelectConfigurationRequest(Urb, Size, Descriptor)              \
  {                                                                            \
    (Urb)->UrbHeader.Function = URB_FUNCTION_SELECT_CONFIGURATION;             \
    (Urb)->UrbHeader.Length = (Size);                                          \
    (Urb)->UrbSelectConfiguration.ConfigurationDescriptor = (Descriptor);      \
  }

#define UsbBuildSelectInterfaceRequest(Urb, Size, Configuration, Number, Setting)                \
  {                                                                                              \
    (Urb)->UrbHeader.Function = URB_FUNCTION_SELECT_INTERFACE;                                   \
    (Urb)->UrbHeader.Length = (Size);                                                            \
    (Urb)->UrbSelectInterface.Interface.AlternateSetting = (Setting);                            \
    (Urb)->UrbSelectInterface.Interface.InterfaceNumber = (Number);                              \
    (Urb)->UrbSelectInterface.ConfigurationHandle = (Configuration);                             \
  }

#define UsbBuildVendorRequest(Urb, Command, Size, Flags, ReservedBits, Code, Parameter, Number, \
                              Buffer, Mdl, BufferLength, Link)                                  \
  {                                                                                             \
    (Urb)->UrbHeader.Function = (Command);                                                      \
    (Urb)->UrbHeader.Length = (Size);                                                           \
    (Urb)->UrbControlVendorClassRequest.TransferBufferLength = (BufferLength);                  \
    (Urb)->UrbControlVendorClassRequest.TransferBufferMDL = (Mdl);                              \
    (Urb)->UrbControlVendorClassRequest.TransferBuffer = (Buffer);                              \
    (Urb)->UrbControlVendorClassRequest.RequestTypeReservedBits = (ReservedBits);               \
    (Urb)->UrbControlVendorClassRequest.Request = (Code);                                       \
    (Urb)->UrbControlVendorClassRequest.Value = (Parameter);                                    \
    (Urb)->UrbControlVendorClassRequest.Index = (Number);                                       \
    (Urb)->UrbControlVendorClassRequest.TransferFlags = (Flags);                                \
    (Urb)->UrbControlVendorClassRequest.UrbLink = (Link);                                       \
  }

#define UsbBuildOsFeatureDescriptorRequest(Urb, Size, InterfaceId, Feature, Buffer, Mdl, \
                                           BufferLength, Link)                           \
  {                                                                                      \
    (Urb)->UrbHeader.Function = URB_FUNCTION_GET_MS_FEATURE_DESCRIPTOR;                  \
    (Urb)->UrbHeader.Length = (Size);                                                    \
    (Urb)->UrbOSFeatureDescriptorRequest.TransferBufferLength = (BufferLength);          \
    (Urb)->UrbOSFeatureDescriptorRequest.TransferBufferMDL = (Mdl);                      \
    (Urb)->UrbOSFeatureDescriptorRequest.TransferBuffer = (Buffer);                      \
    (Urb)->UrbOSFeatureDescriptorRequest.InterfaceNumber = (InterfaceId);                \
    (Urb)->UrbOSFeatureDescriptorRequest.MS_FeatureDescriptorIndex = (Feature);          \
    (Urb)->UrbOSFeatureDescriptorRequest.UrbLink = (Link);                               \
  }

#define UsbBuildOpenStaticStreamsRequest(Urb, Pipe, Count, Information)                 \
  {                                                                                     \
    (Urb)->UrbHeader.Function = URB_FUNCTION_OPEN_STATIC_STREAMS;                       \
    (Urb)->UrbHeader.Length = sizeof(struct _URB_OPEN_STATIC_STREAMS);                  \
    (Urb)->UrbOpenStaticStreams.PipeHandle = (Pipe);                                    \
    (Urb)->UrbOpenStaticStreams.NumberOfStreams = (Count);                              \
    (Urb)->UrbOpenStaticStreams.StreamInfoVersion = URB_OPEN_STATIC_STREAMS_VERSION_100; \
    (Urb)->UrbOpenStaticStreams.StreamInfoSize = sizeof(USBD_STREAM_INFORMATION);       \
    (Urb)->UrbOpenStaticStreams.Streams = (Information);                                \
  }

#endif
