import NTTypes

extension ImageReader {
  /// Reads the exception table and checks the unwind data of each function.
  func functions(at table: Range<UInt32>?) throws(ImageError) -> [RuntimeFunction] {
    guard let table else { return [] }
    let count = table.count / 12
    guard count <= limits.functions else {
      throw ImageError(
        .overLimit, "The exception table has \(count) functions; the limit is \(limits.functions)",
        at: .image(table.lowerBound))
    }
    var result: [RuntimeFunction] = []
    result.reserveCapacity(count)
    var operations = limits.unwindOperations
    for index in 0..<count {
      let entry = Int(table.lowerBound) + index * 12
      let function = try function(at: entry)
      if function.begin == 0, function.end == 0 { break }
      if let last = result.last, function.begin < last.end {
        throw ImageError(
          .badUnwindData, "The exception table is not sorted, or its functions overlap",
          at: place(entry))
      }
      try checkUnwindData(of: function, operations: &operations)
      result.append(function)
    }
    return result
  }

  private func function(at entry: Int) throws(ImageError) -> RuntimeFunction {
    let what = "The exception table"
    let result = RuntimeFunction(
      begin: try u32(image: entry, what, .badUnwindData),
      end: try u32(image: entry + 4, what, .badUnwindData),
      unwindData: try u32(image: entry + 8, what, .badUnwindData))
    if result.begin == 0, result.end == 0 { return result }
    guard result.begin < result.end, Int(result.end) <= imageSize else {
      throw ImageError(
        .badUnwindData,
        "A function from \(result.begin.hexadecimal()) to \(result.end.hexadecimal()) is not possible",
        at: place(entry))
    }
    return result
  }

  /// Follows the chain of unwind data to its end.
  private func checkUnwindData(
    of function: RuntimeFunction, operations: inout Int
  ) throws(ImageError) {
    var current = function
    for _ in 0..<32 {
      let info = try unwindInfo(of: current)
      operations -= info.codes.count + 1
      guard operations >= 0 else {
        throw ImageError(
          .overLimit, "The unwind data has more than \(limits.unwindOperations) operations",
          at: .image(current.unwindData))
      }
      guard let next = info.chained else { return }
      current = next
    }
    throw ImageError(
      .badUnwindData,
      "The unwind data of the function at \(function.begin.hexadecimal()) has no end",
      at: .image(function.unwindData))
  }

  /// Reads the unwind data of a function.
  func unwindInfo(of function: RuntimeFunction) throws(ImageError) -> UnwindInfo {
    var start = Int(function.unwindData)
    if start & 1 == 1 {
      start = Int(try self.function(at: start & ~1).unwindData)
    }
    guard start.isMultiple(of: 4) else {
      throw ImageError(.badUnwindData, "Unwind data is not aligned", at: place(start))
    }
    let what = "Unwind data"
    let head = try u32(image: start, what, .badUnwindData)
    let version = UInt8(head & 7)
    guard version == 1 || version == 2 else {
      throw ImageError(
        .badUnwindData, "Unwind data is of version \(version); 1 and 2 are known", at: place(start))
    }
    let count = Int(head >> 16 & 0xFF)
    var codes: [UnwindInfo.Code] = []
    codes.reserveCapacity(count)
    for index in 0..<count {
      codes.append(
        .init(rawValue: try u16(image: start + 4 + index * 2, what, .badUnwindData)))
    }
    if version == 1 { try checkOperations(codes, at: start) }
    // The slots are filled up to an even number.
    let tail = start + 4 + (count + 1) / 2 * 4
    let flags = UnwindInfo.Flags(rawValue: UInt8(head >> 3 & 31))
    var handler: UInt32?
    var chained: RuntimeFunction?
    if flags.contains(.chained) {
      chained = try self.function(at: tail)
    } else if !flags.isDisjoint(with: [.exceptionHandler, .terminationHandler]) {
      handler = try self.handler(at: tail)
    }
    return UnwindInfo(
      version: version, flags: flags, prologueSize: UInt8(head >> 8 & 0xFF),
      frameRegister: UInt8(head >> 24 & 15), frameOffset: (head >> 28) * 16, codes: codes,
      handler: handler, handlerData: handler.map { _ in UInt32(tail + 4) }, chained: chained)
  }

  private func handler(at entry: Int) throws(ImageError) -> UInt32 {
    let handler = try u32(image: entry, "Unwind data", .badUnwindData)
    guard handler != 0, Int(handler) < imageSize else {
      throw ImageError(
        .badUnwindData, "An exception handler lies outside the image, at \(handler.hexadecimal())",
        at: place(entry))
    }
    return handler
  }

  /// An operation that takes more slots than are left would lead an unwinder astray.
  private func checkOperations(_ codes: [UnwindInfo.Code], at start: Int) throws(ImageError) {
    var index = 0
    while index < codes.count {
      let slots =
        switch codes[index].operation {
        case 0, 2, 3, 10: 1
        case 1: codes[index].info == 0 ? 2 : 3
        case 4, 6, 8: 2
        case 5, 7, 9: 3
        default: Int.max
        }
      guard slots <= codes.count - index else {
        throw ImageError(
          .badUnwindData,
          "Unwind operation \(codes[index].operation) is unknown or lacks its operand",
          at: place(start + 4 + index * 2))
      }
      index += slots
    }
  }
}
