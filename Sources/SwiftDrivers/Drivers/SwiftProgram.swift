import CDriverKit
import Framework
import IOManager
import Machine
import NTTypes
import Objects
import SystemServices

/// The functions of this module through which drivers are called, ended by 0.
package var swiftDriverEntries: UnsafePointer<UInt64> { DriverEntries.targets }

/// A Swift driver that is loaded: what its driver object stands on in place of an image.
package struct SwiftProgram: @unchecked Sendable {
  package let name: String
  package let driver: DriverPointer
  let globals: UnsafeMutableRawPointer

  /// Makes the driver object of a Swift driver, binds it to the framework and makes its instance.
  ///
  /// Called in the kernel, in the system process.
  package static func start<D: SwiftDriver>(
    _ type: D.Type, named name: String, in machine: Machine
  ) -> Result<SwiftProgram, NTStatus> {
    Attachment.prepare()
    DriverEntries.prepare()
    machine.ensureService()
    var status: UInt32 = 0
    let characters = Array(name.utf16)
    let driver = characters.withUnsafeBufferPointer {
      machine.io.makeDriver($0, status: &status)
    }
    guard let driver else { return .failure(NTStatus(bits: status)) }
    characters.withUnsafeBufferPointer {
      machine.registry.makeServiceKey(UTF16Text(start: $0.baseAddress, count: $0.count))
    }
    guard let globals = bind(driver, name) else {
      machine.io.freeDriver(driver)
      return .failure(.insufficientResources)
    }
    let program = SwiftProgram(name: name, driver: driver, globals: globals)
    do {
      try program.makeInstance(type)
      machine.io.finishInitializing(driver)
      return .success(program)
    } catch {
      program.remove(from: machine)
      return .failure(NTStatus(reporting: error))
    }
  }

  private static func bind(_ driver: DriverPointer, _ name: String) -> UnsafeMutableRawPointer? {
    withUnicodeString(registryPath(name)) { Framework.current.bindNative(driver, $0) }
  }

  private static func registryPath(_ name: String) -> String {
    #"\REGISTRY\MACHINE\SYSTEM\CurrentControlSet\Services\"# + name
  }

  private func makeInstance<D: SwiftDriver>(_ type: D.Type) throws {
    var config = WDF_DRIVER_CONFIG()
    config.Size = UInt32(MemoryLayout<WDF_DRIVER_CONFIG>.size)
    if D.isPlugAndPlay {
      config.EvtDriverDeviceAdd = DriverEntries.deviceAdd.address
    } else {
      config.DriverInitFlags = UInt32(WdfDriverInitNonPnpDriver.rawValue)
    }
    // A driver without an instance has no unload to call: it is set when there is one.
    var attributes = Attachment.attributes()
    var handle: UInt64 = 0
    try check(
      withUnicodeString(Self.registryPath(name)) {
        wdfDriverCreate(globals, driver, $0, &attributes, &config, &handle)
      })
    let object = DriverObject(handle: Handle(globals: globals, bits: handle))
    let box = DriverBox()
    Attachment.attach(box, to: handle)
    var failure: (any Error)?
    callDriver {
      do { box.driver = try D(object) } catch { failure = error }
    }
    if let failure {
      box.tasks.finish()
      throw failure
    }
    Framework.current.setUnload(of: handle, DriverEntries.unload.address)
  }

  /// Calls the driver's unload, deletes its objects and its driver object.
  ///
  /// Called in the kernel, in the system process.
  package func unload(from machine: Machine) {
    Framework.current.unload(driver)
    remove(from: machine)
  }

  private func remove(from machine: Machine) {
    Framework.current.unbind(globals)
    machine.io.freeDriver(driver)
  }
}
