/// What a framework object is; the names are those of the handles.
package enum ObjectKind: UInt8, CaseIterable, Sendable {
  /// Destroyed: only its contexts may be asked for.
  case none
  case driver, device, queue, request, memory, lookaside, fileObject, ioTarget
  case object, collection, spinLock, waitLock, string, key
  case timer, dpc, workItem, interrupt
  case childList, resourceRequirementsList, ioResourceList, resourceList
  case dmaEnabler, dmaTransaction, commonBuffer
  case wmiProvider, wmiInstance
  case usbDevice, usbInterface, usbPipe, companion

  /// The name of its handle type, such as `WDFMEMORY`.
  package var name: StaticString {
    switch self {
    case .none: "WDFOBJECT (destroyed)"
    case .driver: "WDFDRIVER"
    case .device: "WDFDEVICE"
    case .queue: "WDFQUEUE"
    case .request: "WDFREQUEST"
    case .memory: "WDFMEMORY"
    case .lookaside: "WDFLOOKASIDE"
    case .fileObject: "WDFFILEOBJECT"
    case .ioTarget: "WDFIOTARGET"
    case .object: "WDFOBJECT"
    case .collection: "WDFCOLLECTION"
    case .spinLock: "WDFSPINLOCK"
    case .waitLock: "WDFWAITLOCK"
    case .string: "WDFSTRING"
    case .key: "WDFKEY"
    case .timer: "WDFTIMER"
    case .dpc: "WDFDPC"
    case .workItem: "WDFWORKITEM"
    case .interrupt: "WDFINTERRUPT"
    case .childList: "WDFCHILDLIST"
    case .resourceRequirementsList: "WDFIORESREQLIST"
    case .ioResourceList: "WDFIORESLIST"
    case .resourceList: "WDFCMRESLIST"
    case .dmaEnabler: "WDFDMAENABLER"
    case .dmaTransaction: "WDFDMATRANSACTION"
    case .commonBuffer: "WDFCOMMONBUFFER"
    case .wmiProvider: "WDFWMIPROVIDER"
    case .wmiInstance: "WDFWMIINSTANCE"
    case .usbDevice: "WDFUSBDEVICE"
    case .usbInterface: "WDFUSBINTERFACE"
    case .usbPipe: "WDFUSBPIPE"
    case .companion: "WDFCOMPANIONTARGET"
    }
  }
}

/// What objects of one kind do at their end.
package struct ObjectClass {
  /// Runs before the driver's cleanup callbacks: gives up what works with other objects.
  var dispose: (@convention(c) (UnsafeMutableRawPointer) -> Void)?
  /// Runs after the driver's destroy callbacks: frees what the object owns.
  var destroy: (@convention(c) (UnsafeMutableRawPointer) -> Void)?
  /// Takes memory and handle of an object that keeps them, when everything else is gone.
  var recycle: (@convention(c) (UnsafeMutableRawPointer) -> Void)?
  /// Whether callbacks run at PASSIVE_LEVEL only.
  var isPassive = false

  init(
    dispose: (@convention(c) (UnsafeMutableRawPointer) -> Void)? = nil,
    destroy: (@convention(c) (UnsafeMutableRawPointer) -> Void)? = nil,
    recycle: (@convention(c) (UnsafeMutableRawPointer) -> Void)? = nil, isPassive: Bool = false
  ) {
    self.dispose = dispose
    self.destroy = destroy
    self.recycle = recycle
    self.isPassive = isPassive
  }
}
