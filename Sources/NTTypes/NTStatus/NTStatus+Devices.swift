// Errors of devices, and of the driver framework.

extension NTStatus {
  // MARK: Devices

  /// There is no such device.
  ///
  /// The corresponding Windows name is `STATUS_NO_SUCH_DEVICE`.
  public static var noSuchDevice: NTStatus { NTStatus(bits: 0xC000_000E) }

  /// No medium is in the drive.
  ///
  /// The corresponding Windows name is `STATUS_NO_MEDIA_IN_DEVICE`.
  public static var noMediaInDevice: NTStatus { NTStatus(bits: 0xC000_0013) }

  /// The device gave more data than asked for.
  ///
  /// The corresponding Windows name is `STATUS_DATA_OVERRUN`.
  public static var dataOverrun: NTStatus { NTStatus(bits: 0xC000_003C) }

  /// The data is damaged.
  ///
  /// The corresponding Windows name is `STATUS_DATA_ERROR`.
  public static var dataError: NTStatus { NTStatus(bits: 0xC000_003E) }

  /// The checksum of the data is wrong.
  ///
  /// The corresponding Windows name is `STATUS_CRC_ERROR`.
  public static var crcError: NTStatus { NTStatus(bits: 0xC000_003F) }

  /// The device reports a data error.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_DATA_ERROR`.
  public static var deviceDataError: NTStatus { NTStatus(bits: 0xC000_009C) }

  /// The medium is write protected.
  ///
  /// The corresponding Windows name is `STATUS_MEDIA_WRITE_PROTECTED`.
  public static var mediaWriteProtected: NTStatus { NTStatus(bits: 0xC000_00A2) }

  /// The device is not ready.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_NOT_READY`.
  public static var deviceNotReady: NTStatus { NTStatus(bits: 0xC000_00A3) }

  /// The device does not exist any more.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_DOES_NOT_EXIST`.
  public static var deviceDoesNotExist: NTStatus { NTStatus(bits: 0xC000_00C0) }

  /// The adapter failed.
  ///
  /// The corresponding Windows name is `STATUS_ADAPTER_HARDWARE_ERROR`.
  public static var adapterHardwareError: NTStatus { NTStatus(bits: 0xC000_00C2) }

  /// The device is not in a state for that request.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_DEVICE_STATE`.
  public static var invalidDeviceState: NTStatus { NTStatus(bits: 0xC000_0184) }

  /// The device was removed.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_REMOVED`.
  public static var deviceRemoved: NTStatus { NTStatus(bits: 0xC000_02B6) }

  /// The power state is not a valid one.
  ///
  /// The corresponding Windows name is `STATUS_POWER_STATE_INVALID`.
  public static var powerStateInvalid: NTStatus { NTStatus(bits: 0xC000_02D3) }

  // MARK: The framework

  /// The framework object is paused.
  ///
  /// The corresponding Windows name is `STATUS_WDF_PAUSED`.
  public static var wdfPaused: NTStatus { NTStatus(bits: 0xC020_0203) }

  /// The framework object is busy.
  ///
  /// The corresponding Windows name is `STATUS_WDF_BUSY`.
  public static var wdfBusy: NTStatus { NTStatus(bits: 0xC020_0204) }

  /// The framework request is not in a state for that operation.
  ///
  /// The corresponding Windows name is `STATUS_WDF_REQUEST_INVALID_STATE`.
  public static var wdfRequestInvalidState: NTStatus { NTStatus(bits: 0xC020_0208) }

  /// The framework object attributes are not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_WDF_OBJECT_ATTRIBUTES_INVALID`.
  public static var wdfObjectAttributesInvalid: NTStatus { NTStatus(bits: 0xC020_0209) }

  /// The transfer has more fragments than allowed.
  ///
  /// The corresponding Windows name is `STATUS_WDF_TOO_FRAGMENTED`.
  public static var wdfTooFragmented: NTStatus { NTStatus(bits: 0xC020_020A) }

  /// The parent of that framework object cannot be chosen.
  ///
  /// The corresponding Windows name is `STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED`.
  public static var wdfParentAssignmentNotAllowed: NTStatus { NTStatus(bits: 0xC020_020F) }

  /// The framework object needs a parent that was not given.
  ///
  /// The corresponding Windows name is `STATUS_WDF_PARENT_NOT_SPECIFIED`.
  public static var wdfParentNotSpecified: NTStatus { NTStatus(bits: 0xC020_0212) }
}
