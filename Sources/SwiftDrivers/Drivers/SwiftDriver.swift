import CDriverKit
import Framework
import NTTypes

/// A driver that is written in Swift.
///
/// It stands where a `.sys` file stands: it has a driver object, is called by the I/O manager and the
/// Plug and Play manager, and drivers in C stack on it and it on them. One instance is made each time
/// that the driver is loaded.
///
///     final class Pattern: SwiftDriver {
///       init(_ driver: DriverObject) throws {
///         let device = try driver.makeControlDevice(named: #"\Device\Pattern"#, link: #"\??\Pattern"#)
///         try device.makeQueue(.parallel) { queue in
///           queue.onRead { (request: consuming Request) in
///             let count = request.length
///             var output = try request.output()
///             for index in 0..<count { output.storeBytes(of: 0x5A, toByteOffset: index, as: UInt8.self) }
///             request.complete(information: count)
///           }
///         }
///       }
///     }
///
/// Everything that it asks of the framework must come from a thread of its kernel: from the calls that
/// it gets, its timers, work items and tasks.
public protocol SwiftDriver: AnyObject, Sendable {
  /// The service name of the driver: that of the type, unless it says otherwise.
  static var name: String { get }

  /// Does what DriverEntry does, at PASSIVE_LEVEL in the system process.
  ///
  /// - Parameter driver: the root of all objects of the driver.
  /// - Throws: an `NTStatus`, or an error that `NTStatus(reporting:)` maps; the driver is not
  ///   loaded then, and what it made is deleted.
  init(_ driver: DriverObject) throws

  /// Does what EvtDriverDeviceAdd does for a device that the Plug and Play manager found, at
  /// PASSIVE_LEVEL. A driver that does not implement it takes no part in Plug and Play.
  func add(_ device: consuming DeviceInit) throws

  /// Does what EvtDriverUnload does, at PASSIVE_LEVEL, before the objects of the driver are deleted.
  func unload()

  /// Whether ``add(_:)`` is there: a driver that implements it says so.
  static var isPlugAndPlay: Bool { get }
}

extension SwiftDriver {
  /// The name of the type.
  public static var name: String { "\(Self.self)" }
  /// No.
  public static var isPlugAndPlay: Bool { false }
  /// Does nothing.
  public func unload() {}

  /// Refuses the device, with STATUS_INVALID_DEVICE_REQUEST.
  public func add(_ device: consuming DeviceInit) throws { throw NTStatus.invalidDeviceRequest }
}

/// What hangs on the WDFDRIVER of a Swift driver.
final class DriverBox: @unchecked Sendable {
  let tasks = DriverTasks()
  /// Set before the framework calls the driver.
  var driver: (any SwiftDriver)?
}

/// EvtDriverDeviceAdd.
let deviceAddEntry: @convention(c) (UInt64, UnsafeMutableRawPointer) -> Int32 = { handle, setup in
  let box = Attachment.of(handle, as: DriverBox.self).takeUnretainedValue()
  let globals = Framework.current.globals(of: handle)
  do {
    try box.driver?.add(DeviceInit(setup, globals, isMine: false))
    return 0
  } catch {
    return NTStatus(reporting: error).code
  }
}

/// EvtDriverUnload.
let unloadEntry: @convention(c) (UInt64) -> Void = { handle in
  let box = Attachment.of(handle, as: DriverBox.self).takeUnretainedValue()
  box.driver?.unload()
  box.tasks.finish()
}
