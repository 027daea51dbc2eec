import NTTypes

extension ImageReader {
  /// Reads the export table: the name of the image and what it offers, by ordinal.
  mutating func exports(
    at table: Range<UInt32>?
  ) throws(ImageError) -> (name: String, exports: [Export])? {
    guard let table else { return nil }
    let start = Int(table.lowerBound)
    func field(_ offset: Int) throws(ImageError) -> Int {
      Int(try u32(image: start + offset, "The export table", .badExport))
    }
    let nameAddress = try field(12)
    let base = try UInt32(truncatingIfNeeded: field(16))
    let functionCount = try field(20)
    let nameCount = try field(24)
    let (functions, names, ordinals) = (try field(28), try field(32), try field(36))
    guard functionCount <= limits.exports, nameCount <= limits.exports else {
      throw ImageError(
        .overLimit,
        "The image has \(max(functionCount, nameCount)) exports; the limit is \(limits.exports)",
        at: place(start))
    }

    let imageName =
      nameAddress == 0 ? "" : try name(image: nameAddress, "The name of the image", .badExport)
    var namesByIndex: [Int: [String]] = [:]
    for index in 0..<nameCount {
      let address = Int(try u32(image: names + index * 4, "The list of export names", .badExport))
      let ordinal = Int(try u16(image: ordinals + index * 2, "The list of ordinals", .badExport))
      guard ordinal < functionCount else {
        throw ImageError(
          .badExport, "An export name stands for ordinal \(ordinal) of \(functionCount)",
          at: place(ordinals + index * 2))
      }
      namesByIndex[ordinal, default: []].append(
        try name(image: address, "The name of an export", .badExport))
    }
    var result: [Export] = []
    for index in 0..<functionCount {
      let address = try u32(image: functions + index * 4, "The list of exports", .badExport)
      guard address != 0 else { continue }
      let target = try target(address, table: table)
      let ordinal = base &+ UInt32(index)
      for name in namesByIndex[index].map({ $0.map(Optional.some) }) ?? [nil] {
        result.append(Export(ordinal: ordinal, name: name, target: target))
      }
    }
    return (imageName, result)
  }

  /// An address inside the export table itself is the text of a forwarder.
  private mutating func target(
    _ address: UInt32, table: Range<UInt32>
  ) throws(ImageError) -> Export.Target {
    if table.contains(address) {
      return .forwarder(try name(image: Int(address), "A forwarder", .badExport))
    }
    guard Int(address) < imageSize else {
      throw ImageError(
        .badExport, "An export lies outside the image, at \(address.hexadecimal())",
        at: .image(table.lowerBound))
    }
    return .address(address)
  }
}
