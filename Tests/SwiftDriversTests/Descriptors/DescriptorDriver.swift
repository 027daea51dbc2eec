import Ring3

/// Answers control requests by METHOD_OUT_DIRECT with numbers about descriptor lists: in its output.
final class DescriptorDriver: SwiftDriver {
  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(named: #"\Device\Lists"#) { setup in
      setup.setBufferAccess(.direct)
    }
    try device.makeQueue(.parallel) { queue in
      queue.onDeviceControl { (request: consuming Request, code) in
        switch code.function {
        case 0x800: try Self.describe(request)
        case 0x801: try Self.divide(request)
        case 0x802: try Self.own(request, device)
        default: throw NTStatus.invalidDeviceRequest
        }
      }
      queue.onWrite { (request: consuming Request) in
        var count = 0
        do {
          let part = try request.inputMDL().part(1..<request.length)
          count = try part.view.bytes().array.count
        }
        request.complete(information: count)
      }
    }
  }

  static func code(_ function: UInt16) -> IoControlCode {
    IoControlCode(deviceType: .unknown, function: function, method: .outDirect)
  }

  private static func answer(_ request: consuming Request, _ numbers: [UInt64]) throws {
    do {
      var list = try request.outputMDL()
      var bytes = try list.mutableBytes()
      for (index, number) in numbers.enumerated() {
        bytes.storeBytes(of: number, toByteOffset: index * 8, as: UInt64.self)
      }
    }
    request.complete(information: numbers.count * 8)
  }

  /// The sizes of the output, its pages, and its runs.
  private static func describe(_ request: consuming Request) throws {
    var numbers: [UInt64] = []
    do {
      let list = try request.outputMDL()
      numbers += [UInt64(list.byteCount), UInt64(list.view.byteOffset)]
      numbers += [UInt64(list.view.frames.count), UInt64(list.view.runCount)]
      var runs = (bytes: 0, aligned: 0)
      list.view.forEachRun { run in
        runs.bytes += run.byteCount
        if run.address & 0xFFF == 0 { runs.aligned += 1 }
      }
      numbers += [UInt64(runs.bytes), UInt64(runs.aligned)]
    }
    try answer(request, numbers)
  }

  private static func status(of body: () throws(NTStatus) -> Void) -> UInt64 {
    do throws(NTStatus) {
      try body()
      return 0
    } catch {
      return UInt64(error.bits)
    }
  }

  /// Parts of the output, which is filled with a pattern.
  private static func divide(_ request: consuming Request) throws {
    var numbers: [UInt64] = []
    do {
      var list = try request.outputMDL()
      let count = list.byteCount
      var bytes = try list.mutableBytes()
      for index in 0..<count {
        bytes.storeBytes(of: UInt8(truncatingIfNeeded: index), toByteOffset: index, as: UInt8.self)
      }
      let part = try list.view.part(4000..<4300)
      let inner = try part.view.part(100..<200)
      let last = try list.view.part(count - 1..<count)
      numbers = [
        UInt64(part.view.byteCount), UInt64(part.view.frames.count),
        try part.view.bytes().array == (4000..<4300).map { UInt8(truncatingIfNeeded: $0) } ? 1 : 0,
        try inner.view.bytes().array == (4100..<4200).map { UInt8(truncatingIfNeeded: $0) } ? 1 : 0,
        UInt64(last.view.byteCount),
        status { () throws(NTStatus) in _ = try list.view.part(0..<0) },
        status { () throws(NTStatus) in _ = try list.view.part(0..<count + 1) },
        status { () throws(NTStatus) in _ = try list.view.part(-1..<5) },
      ]
    }
    try answer(request, numbers)
  }

  /// A list of the driver's own memory.
  private static func own(_ request: consuming Request, _ device: DeviceObject) throws {
    var list = try MemoryDescriptorList(
      over: Memory(size: 9000, tag: "Mine", parent: device))
    do {
      var view = list.mutableView
      var bytes = try view.mutableBytes()
      bytes.fill(with: 7)
    }
    var numbers = [UInt64(list.byteCount), UInt64(list.view.runCount)]
    numbers.append(UInt64(list.view.frames.count))
    let memory = list.takeMemory()
    numbers.append(memory.bytes.array == [UInt8](repeating: 7, count: 9000) ? 1 : 0)
    try answer(request, numbers)
  }
}
