import CDriverKit
import Framework
import NTTypes

extension DeviceInit {
  /// Says what is done as files of the device are opened and closed.
  ///
  /// Each open has a ``FileObject`` then, which ``Request/file`` gives.
  ///
  ///     setup.setFiles { files in
  ///       files.onCreate { request, file in
  ///         try file.attach(Session())
  ///         request.complete()
  ///       }
  ///     }
  public mutating func setFiles(_ configure: (inout FileHandlers) -> Void) {
    box.files.isUsed = true
    configure(&box.files)
  }
}

/// What a driver does as files of its device are opened and closed.
public struct FileHandlers: Sendable {
  var isUsed = false
  var create: (@Sendable (consuming Request, FileObject) throws -> Void)?
  var cleanup: (@Sendable (FileObject) -> Void)?
  var close: (@Sendable (FileObject) -> Void)?
  /// Whether a filter passes cleanup and close on to the device below; nil for what Windows does: a
  /// filter does, other devices do not.
  public var forwardsToLowerDevice: Bool?

  /// Handles an open; without it every open succeeds.
  ///
  /// The request is treated as in a queue's handler: it is completed, or what is thrown completes it,
  /// and with an error the file is not opened. At PASSIVE_LEVEL in the process that opens.
  ///
  /// Source: EvtDeviceFileCreate.
  public mutating func onCreate(
    _ handler: @escaping @Sendable (_ request: consuming Request, _ file: FileObject) throws -> Void
  ) { create = handler }

  /// Is told that the last handle is closed; requests of the file are cancelled after that.
  ///
  /// At PASSIVE_LEVEL. Source: EvtFileCleanup.
  public mutating func onCleanup(_ handler: @escaping @Sendable (_ file: FileObject) -> Void) {
    cleanup = handler
  }

  /// Is told that the file ends: no handle and no request of it is left.
  ///
  /// At PASSIVE_LEVEL. Source: EvtFileClose.
  public mutating func onClose(_ handler: @escaping @Sendable (_ file: FileObject) -> Void) {
    close = handler
  }

  /// The handlers as the framework takes them; nil when the driver wants no files.
  var configuration: WDF_FILEOBJECT_CONFIG? {
    guard isUsed else { return nil }
    var config = WDF_FILEOBJECT_CONFIG()
    config.Size = UInt32(MemoryLayout<WDF_FILEOBJECT_CONFIG>.size)
    config.FileObjectClass = WdfFileObjectWdfCanUseFsContext
    config.AutoForwardCleanupClose =
      switch forwardsToLowerDevice {
      case nil: WdfUseDefault
      case true?: WdfTrue
      case false?: WdfFalse
      }
    if create != nil { config.EvtDeviceFileCreate = DriverEntries.fileCreate.address }
    if cleanup != nil { config.EvtFileCleanup = DriverEntries.fileCleanup.address }
    if close != nil { config.EvtFileClose = DriverEntries.fileClose.address }
    return config
  }
}

let fileCreateEntry: @convention(c) (UInt64, UInt64, UInt64) -> Void = { device, request, file in
  let globals = Framework.current.globals(of: device)
  let box = Attachment.of(device, as: DeviceBox.self).takeUnretainedValue()
  RequestOwnership.handling(request) {
    try box.files.create.unsafelyUnwrapped(
      Request(Handle(globals: globals, bits: request)),
      FileObject(handle: Handle(globals: globals, bits: file)))
  }
}

/// Calls a handler of the device that a file is open on.
private func callFile(_ bits: UInt64, _ body: (FileHandlers, FileObject) -> Void) {
  // An open that the framework made no object for, such as one of a stream.
  guard bits != 0 else { return }
  let file = FileObject(handle: Handle(globals: Framework.current.globals(of: bits), bits: bits))
  let device = file.device.handle.bits
  body(Attachment.of(device, as: DeviceBox.self).takeUnretainedValue().files, file)
}

let fileCleanupEntry: @convention(c) (UInt64) -> Void = {
  callFile($0) { $0.cleanup.unsafelyUnwrapped($1) }
}

let fileCloseEntry: @convention(c) (UInt64) -> Void = {
  callFile($0) { $0.close.unsafelyUnwrapped($1) }
}
