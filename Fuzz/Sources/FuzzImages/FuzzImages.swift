import PortableExecutable

/// What libFuzzer calls with each input: the bytes are an image, or an error says why not.
@c(r3_fuzz_images)
public func fuzzImage(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  do throws(ImageError) {
    try use(try Image(bytes: bytes))
  } catch {
    precondition(!error.description.isEmpty)
  }
  return 0
}

/// Asks an accepted image for all that it holds; whatever was checked at first must hold now.
private func use(_ image: Image) throws(ImageError) {
  defer { try? image.requireDriver() }
  for section in image.sections {
    precondition(image.contents(of: section).count == section.fileRange.count)
    precondition(UInt64(section.rva) + UInt64(section.size) <= UInt64(image.imageSize))
  }
  for module in image.imports {
    for item in module.imports {
      precondition(image.contents(at: item.slot, count: 8) != nil)
    }
  }
  var count = 0
  for target in image.relocations {
    precondition(UInt64(target) + 8 <= UInt64(image.imageSize))
    count += 1
  }
  precondition(count == image.relocations.count)
  for function in image.functions {
    _ = try image.unwindInfo(of: function)
    precondition(image.function(containing: function.begin) == function)
  }
  for index in 0..<min(image.symbols.count, 256) {
    _ = image.symbol(nearest: image.symbols[index].rva)
  }
  _ = image.symbol(nearest: image.entryPoint)
  _ = image.computedChecksum
  _ = "\(image)"
  if image.imageSize <= 1 << 20 { precondition(image.loaded().count == Int(image.imageSize)) }
}
