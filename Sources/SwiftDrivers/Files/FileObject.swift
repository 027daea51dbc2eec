import CDriverKit
import Framework
import NTTypes

/// One open of a device: WDFFILEOBJECT.
///
/// A value; copies stand for the same object, which goes when the file is closed. What a driver keeps
/// for each open it attaches with ``FrameworkParent/attach(_:)``.
public struct FileObject: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// What stands behind the name of the device in the name that was opened; empty for the device itself.
  ///
  /// At PASSIVE_LEVEL, and until the file is closed.
  public var name: String {
    guard let name = wdfFileObjectGetFileName(handle.globals, handle.bits) else { return "" }
    return String(name.load(as: UNICODE_STRING.self))
  }

  /// The identifier of the process that opened it.
  public var processIdentifier: UInt32 {
    wdfFileObjectGetInitiatorProcessId(handle.globals, handle.bits)
  }

  /// The device that is open.
  public var device: DeviceObject {
    DeviceObject(
      handle: Handle(
        globals: handle.globals, bits: wdfFileObjectGetDevice(handle.globals, handle.bits)))
  }
}

extension Request {
  /// The open that the request came through; nil for a device without handlers of files.
  public var file: FileObject? {
    let bits = wdfRequestGetFileObject(handle.globals, handle.bits)
    return bits == 0 ? nil : FileObject(handle: Handle(globals: handle.globals, bits: bits))
  }
}
