import NTTypes

extension ImageReader {
  /// Reads the debug table; what does not fit the file is left out.
  ///
  /// Debug data is for people: faults in it do not make an image unusable.
  func debugEntries(at table: Range<UInt32>?) -> [DebugEntry] {
    guard let table else { return [] }
    var result: [DebugEntry] = []
    for index in 0..<min(table.count / 28, limits.debugEntries) {
      let entry = Int(table.lowerBound) + index * 28
      guard let type = try? u32(image: entry + 12, "", .badDirectory),
        let size = try? u32(image: entry + 16, "", .badDirectory),
        let offset = try? u32(image: entry + 24, "", .badDirectory),
        Int(offset) + Int(size) <= bytes.count
      else { continue }
      result.append(
        DebugEntry(type: type, fileRange: Int(offset)..<Int(offset) + Int(size)))
    }
    return result
  }

  /// The PDB file that a CodeView entry names.
  func pdb(in entries: [DebugEntry]) -> PDBReference? {
    for entry in entries where entry.type == 2 && entry.fileRange.count >= 24 {
      let start = entry.fileRange.lowerBound
      guard bytes[start..<start + 4].elementsEqual("RSDS".utf8),
        let guid = GUID(bytes: bytes[start + 4..<start + 20]),
        let age = try? u32(file: start + 20, "")
      else { continue }
      let text = bytes[(start + 24)..<entry.fileRange.upperBound].prefix(limits.nameLength)
      return PDBReference(
        path: String(decoding: text.prefix { $0 != 0 }, as: UTF8.self), guid: guid, age: age)
    }
    return nil
  }
}
