import Objects

// Full paths of keys; under the registry's lock.
extension KeyPointer {
  /// The number of characters of the path.
  var pathCount: Int {
    var count = 0
    var next: KeyPointer? = self
    while let part = next {
      count += 1 + part.pointee.name.count
      next = part.pointee.parent
    }
    return count
  }

  /// Writes the path to memory with room for ``pathCount`` characters.
  func writePath(_ text: UnsafeMutablePointer<UInt16>) {
    var end = pathCount
    var next: KeyPointer? = self
    while let part = next {
      end -= part.pointee.name.count
      copy(part.pointee.name.text, to: text + end)
      end -= 1
      text[end] = 0x5C
      next = part.pointee.parent
    }
  }
}

extension Registry {
  /// Writes the path of a key; gives the number of characters, 0 when they do not fit.
  func writePath(
    of key: KeyPointer, _ text: UnsafeMutablePointer<UInt16>, _ capacity: Int
  ) -> Int {
    locked {
      let count = key.pathCount
      if count > capacity { return 0 }
      key.writePath(text)
      return count
    }
  }
}
