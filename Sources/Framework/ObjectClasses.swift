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
    register(.dmaEnabler, Self.dmaEnablerClass)
    register(.dmaTransaction, Self.dmaTransactionClass)
    register(.commonBuffer, Self.commonBufferClass)
  }

  private func register(_ kind: ObjectKind, _ objectClass: ObjectClass) {
    state.pointee.classes[Int(kind.rawValue)] = objectClass
  }
}
