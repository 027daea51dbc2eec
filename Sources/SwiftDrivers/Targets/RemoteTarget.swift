import CDriverKit
import Framework
import NTTypes

/// A target that the driver has opened.
///
/// The value cannot be copied; when it goes, the target is closed and deleted, unless its parent has done
/// so. What requests are sent to is ``target``.
///
///     let disk = try RemoteTarget(opening: #"\Device\Disk0"#, for: device)
///     try disk.target.read(into: &sector, at: 0)
public struct RemoteTarget: ~Copyable, Sendable {
  let handle: Handle

  deinit {
    if handle.isLive { wdfObjectDelete(handle.globals, handle.bits) }
  }

  /// Opens a device, or a file of one, by its name.
  ///
  /// - Parameters:
  ///   - name: such as `\Device\Disk0` or the link of a device interface.
  ///   - device: the device of this driver that the target belongs to.
  ///   - parent: what deletes the target at the latest: the device, or something of it; nil for the device.
  ///   - access: what the target is used for.
  ///   - sharing: what others may open it for meanwhile.
  ///   - removal: says what is done when the device is removed; without a handler the target is closed,
  ///     and opened again when the removal is called off.
  /// - Throws: what opening gave: STATUS_OBJECT_NAME_NOT_FOUND, STATUS_ACCESS_DENIED and others.
  ///
  /// At PASSIVE_LEVEL. Source: WdfIoTargetCreate, WdfIoTargetOpen.
  public init(
    opening name: String, for device: DeviceObject, parent: (any FrameworkParent)? = nil,
    access: AccessMask = [.genericRead, .genericWrite], sharing: TargetSharing = [],
    removal: (inout RemovalHandlers) -> Void = { _ in }
  ) throws(NTStatus) {
    var parameters = Self.parameters(WdfIoTargetOpenByName)
    parameters.DesiredAccess = access.rawValue
    parameters.ShareAccess = sharing.rawValue
    parameters.CreateDisposition = UInt32(FILE_OPEN)
    parameters.CreateOptions = UInt32(FILE_NON_DIRECTORY_FILE)
    var handlers = RemovalHandlers()
    removal(&handlers)
    let made = withUnicodeString(name) { name in
      parameters.TargetDeviceName = name.pointee
      return Self.make(device.handle, parent?.frameworkHandle.handle, handlers, parameters)
    }
    handle = try made.get()
  }

  /// Opens the device and the file of another target once more.
  ///
  /// - Parameters:
  ///   - other: a target that is open, such as one that another device of the driver has.
  ///   - device: the device of this driver that the target belongs to.
  ///   - parent: as for opening by name.
  ///   - removal: as for opening by name; only for a target that has a file.
  /// - Throws: STATUS_INVALID_PARAMETER for a closed target, or with handlers for one without a file.
  ///
  /// At PASSIVE_LEVEL. Source: WDF_IO_TARGET_OPEN_PARAMS_INIT_EXISTING_DEVICE.
  public init(
    sharing other: IOTarget, for device: DeviceObject, parent: (any FrameworkParent)? = nil,
    removal: (inout RemovalHandlers) -> Void = { _ in }
  ) throws(NTStatus) {
    let given = other.handle
    var parameters = Self.parameters(WdfIoTargetOpenUseExistingDevice)
    parameters.TargetDeviceObject = wdfIoTargetWdmGetTargetDeviceObject(given.globals, given.bits)
    parameters.TargetFileObject = wdfIoTargetWdmGetTargetFileObject(given.globals, given.bits)
    var handlers = RemovalHandlers()
    removal(&handlers)
    handle = try Self.make(
      device.handle, parent?.frameworkHandle.handle, handlers, parameters
    ).get()
  }

  /// Where requests are sent.
  public var target: IOTarget { IOTarget(handle: handle) }

  /// Leaves the target to its parent, which closes and deletes it.
  public consuming func leaveToParent() -> IOTarget {
    let target = target
    discard self
    return target
  }

  private static func parameters(_ type: WDF_IO_TARGET_OPEN_TYPE) -> WDF_IO_TARGET_OPEN_PARAMS {
    var parameters = WDF_IO_TARGET_OPEN_PARAMS()
    parameters.Size = UInt32(MemoryLayout<WDF_IO_TARGET_OPEN_PARAMS>.size)
    parameters.`Type` = type
    return parameters
  }

  /// Makes a target and opens it.
  private static func make(
    _ device: Handle, _ parent: Handle?, _ handlers: RemovalHandlers,
    _ given: WDF_IO_TARGET_OPEN_PARAMS
  ) -> Result<Handle, NTStatus> {
    var attributes = Attachment.attributes(parent: parent)
    var bits: UInt64 = 0
    if isRefused("WdfIoTargetCreate") { return .failure(.insufficientResources) }
    var status = wdfIoTargetCreate(device.globals, device.bits, &attributes, &bits)
    if status < 0 { return .failure(NTStatus(code: status)) }
    Attachment.attach(TargetBox(handlers), to: bits)
    var parameters = given
    handlers.fill(&parameters)
    status =
      isRefused("WdfIoTargetOpen")
      ? NTStatus.insufficientResources.code
      : wdfIoTargetOpen(device.globals, bits, &parameters)
    if status >= 0 { return .success(Handle(globals: device.globals, bits: bits)) }
    wdfObjectDelete(device.globals, bits)
    return .failure(NTStatus(code: status))
  }
}

extension RemoteTarget {
  /// Closes the target: what waits is refused, what was sent is cancelled and waited for.
  ///
  /// At PASSIVE_LEVEL. Source: WdfIoTargetClose.
  public borrowing func close() { wdfIoTargetClose(handle.globals, handle.bits) }

  /// Opens a target that was opened by name and closed.
  ///
  /// - Throws: what opening gave; STATUS_INVALID_DEVICE_REQUEST for one that never was open by name.
  ///
  /// At PASSIVE_LEVEL. Source: WDF_IO_TARGET_OPEN_PARAMS_INIT_REOPEN.
  public borrowing func reopen() throws(NTStatus) { try target.reopen() }
}

/// What others may open a target for: FILE_SHARE_*.
public struct TargetSharing: OptionSet, Sendable, Hashable {
  /// The number that the system uses.
  public let rawValue: UInt32

  /// Makes a value of the system's number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Reading.
  public static let read = TargetSharing(rawValue: 1)
  /// Writing.
  public static let write = TargetSharing(rawValue: 2)
  /// Deleting.
  public static let delete = TargetSharing(rawValue: 4)
}
