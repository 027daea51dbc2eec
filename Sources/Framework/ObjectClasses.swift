extension Framework {
  /// Says what each kind of object does at its end.
  func registerClasses() {
    register(.driver, Self.driverClass)
    register(.memory, Self.memoryClass)
    register(.lookaside, Self.lookasideClass)
    register(.device, Self.deviceClass)
    register(.queue, Self.queueClass)
    register(.request, Self.requestClass)
    register(.fileObject, Self.fileObjectClass)
    register(.childList, Self.childListClass)
    register(.interrupt, Self.interruptClass)
    register(.string, Self.stringClass)
    register(.resourceList, Self.resourceListClass)
    register(.ioResourceList, Self.requirementListClass)
    register(.timer, Self.timerClass)
    register(.dpc, Self.dpcClass)
    register(.workItem, Self.workItemClass)
    register(.collection, Self.collectionClass)
    register(.key, Self.keyClass)
    register(.wmiProvider, Self.wmiProviderClass)
    register(.wmiInstance, Self.wmiInstanceClass)
    register(.ioTarget, Self.targetClass)
    register(.dmaEnabler, Self.dmaEnablerClass)
    register(.dmaTransaction, Self.dmaTransactionClass)
    register(.commonBuffer, Self.commonBufferClass)
    register(.usbDevice, Self.usbDeviceClass)
    register(.usbInterface, Self.usbInterfaceClass)
    register(.usbPipe, Self.usbPipeClass)
  }

  private func register(_ kind: ObjectKind, _ objectClass: ObjectClass) {
    state.pointee.classes[Int(kind.rawValue)] = objectClass
  }
}
