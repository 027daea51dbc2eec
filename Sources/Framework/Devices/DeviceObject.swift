import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

/// A WDFDEVICE.
package struct DeviceBody {
  var head: ObjectHead
  let role: DeviceRole
  /// The device object of this driver, and the one that it is attached to.
  let wdmDevice: DevicePointer
  var attachedTo: DevicePointer?
  var physicalDevice: DevicePointer?
  /// The first link that the driver made, without the others: taken away with the device.
  var links: UnsafeMutablePointer<DeviceLink>?
  var name: PoolText
  var fileConfig: WDF_FILEOBJECT_CONFIG?
  var fileAttributes: ObjectAttributes
  var requestAttributes: ObjectAttributes
  var inCallerContext: UnsafeMutableRawPointer?
  var preprocess: UnsafeMutablePointer<PreprocessTable>?
  /// Where requests go: by major function, else to the default queue.
  var queues = InlineArray<28, UnsafeMutablePointer<QueueBody>?>(repeating: nil)
  var defaultQueue: UnsafeMutablePointer<QueueBody>?
  /// Serializes callbacks, when the synchronization scope is the device.
  var callbackLock = CallbackLock()
  /// WDFFILEOBJECTs that are open; guarded by the head's lock.
  var files: UnsafeMutablePointer<FileObjectBody>?
  /// EvtDeviceShutdownNotification of a control device.
  var shutdown: UnsafeMutableRawPointer?
  var controlType: UInt32
  /// The default I/O target; made when it is first asked for.
  var target: UnsafeMutablePointer<ObjectHead>?
  var selfTarget: UnsafeMutablePointer<ObjectHead>?
  let allowsSelfTarget: Bool
  /// What Plug and Play, power and power policy keep; owned by the folder that handles them.
  var pnp: UnsafeMutableRawPointer?
  /// What it offers to WMI; made when it is first needed.
  var wmi: UnsafeMutablePointer<WmiState>?
  /// All its queues, newest first; guarded by the head's lock.
  var firstQueue: UnsafeMutablePointer<QueueBody>?
  /// Whether new power-managed queues begin held: the device is not in its working state.
  var queuesAreHeld = false
  /// The bus device of a child, and whether requests may be forwarded to its queues.
  var parentDevice: UnsafeMutablePointer<DeviceBody>?
  var forwardsToParent = false
  /// Callbacks that choose the queue of an IRP.
  var dispatchCallbacks: UnsafeMutablePointer<DispatchCallbacks>?
  /// Open handles, and one until the driver deletes the device.
  var openCount: UInt32 = 1
  /// Whether its device object was deleted before it: a reference is kept on that.
  var keepsWdmDevice = false
  /// The first of the enablers for DMA; guarded by the head's lock.
  var dmaEnablers: UnsafeMutablePointer<DmaEnablerBody>?
}

/// A symbolic link that goes with a device.
struct DeviceLink {
  var next: UnsafeMutablePointer<DeviceLink>?
  var name: PoolText
}

extension Framework {
  /// The WDFDEVICE of a device object of a framework driver; nil for one that is none or is gone.
  @inline(__always)
  func device(of wdm: DevicePointer) -> UnsafeMutablePointer<DeviceBody>? {
    wdm.pointee.DeviceExtension?.load(as: UnsafeMutablePointer<DeviceBody>?.self)
  }

  /// The device of a handle; one of a miniport has nothing of queues and Plug and Play, and is refused.
  func device(_ handle: UInt64) -> UnsafeMutablePointer<DeviceBody> {
    let device = anyDevice(handle)
    if device.pointee.role == .miniport { refuseHandle(handle, .device) }
    return device
  }

  static let deviceClass = ObjectClass(
    dispose: { address in
      let device = address.assumingMemoryBound(to: DeviceBody.self)
      Framework.current.withdraw(device)
    },
    destroy: { address in
      let device = address.assumingMemoryBound(to: DeviceBody.self)
      Framework.current.deleteDeviceObject(of: device)
    }, isPassive: true)

  /// Takes a device out of sight before its cleanup: its links, and its place in the stack.
  private func withdraw(_ device: UnsafeMutablePointer<DeviceBody>) {
    deregisterWmi(device)
    while let link = device.pointee.links {
      device.pointee.links = link.pointee.next
      withUnsafePointer(to: link.pointee.name.string) { name in
        _ = machine.io.deleteLink(name)
      }
      link.pointee.name.free()
      machine.pool.free(UnsafeMutableRawPointer(link), tag: DeviceInit.tag)
    }
  }

  private func deleteDeviceObject(of device: UnsafeMutablePointer<DeviceBody>) {
    device.pointee.name.free()
    freePnp(of: device)
    freeWmi(device)
    if let table = device.pointee.preprocess {
      machine.pool.free(UnsafeMutableRawPointer(table), tag: DeviceInit.tag)
    }
    if let callbacks = device.pointee.dispatchCallbacks {
      machine.pool.free(UnsafeMutableRawPointer(callbacks), tag: DeviceInit.tag)
    }
    let wdm = device.pointee.wdmDevice
    // That of a miniport is the driver's, with its extension and its place in the stack.
    if device.pointee.role == .miniport {
      machine.objects.dereference(UnsafeMutableRawPointer(wdm))
      return
    }
    wdm.pointee.DeviceExtension?.storeBytes(of: nil, as: UnsafeMutablePointer<DeviceBody>?.self)
    if let lower = device.pointee.attachedTo { machine.io.detach(above: lower) }
    if device.pointee.keepsWdmDevice {
      machine.objects.dereference(UnsafeMutableRawPointer(wdm))
    } else {
      machine.io.deleteDevice(wdm)
    }
  }
}

extension UnsafeMutablePointer where Pointee == DeviceBody {
  var object: FrameworkObject { FrameworkObject(self) }
  var handle: UInt64 { pointee.head.handle }

  func lockAddress() -> UnsafeMutablePointer<CallbackLock> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<DeviceBody>.offset(of: \.callbackLock).unsafelyUnwrapped)
      .assumingMemoryBound(to: CallbackLock.self)
  }
}
