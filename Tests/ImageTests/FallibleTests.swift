import CRing3
import CRing3Exports
import Testing

/// The table of exports that may be refused.
@Suite struct FallibleTests {
  @Test("Each export that may be refused is an export with the same number of arguments")
  func table() {
    var names: Set<String> = []
    for index in 0..<r3_fallible_count() {
      let fallible = r3_fallible_at(index).pointee
      let name = String(cString: fallible.name)
      #expect(names.insert(name).inserted, "\(name)")
      let count = r3_export_find(fallible.name)?.pointee.argumentCount ?? frameworkCount(name)
      // The short way ahead of an export has its own count, 3 or less.
      #expect(count == fallible.argumentCount, "\(name)")
      #expect(fallible.argumentCount <= 16)
      #expect(fallible.tag < Int8(fallible.argumentCount), "\(name)")
      // A second result lies in the upper four bits.
      #expect((fallible.result & 15) < Int8(fallible.argumentCount) || fallible.result == -1)
      #expect(fallible.result >> 4 < Int8(fallible.argumentCount), "\(name)")
    }
    #expect(names.contains("ExAllocatePoolWithTag") && names.contains("WdfMemoryCreate"))
  }

  private func frameworkCount(_ name: String) -> UInt32? {
    for slot in 0..<r3_wdf_function_count() {
      guard let function = r3_wdf_function(slot) else { continue }
      if String(cString: function.pointee.name) == name { return function.pointee.argumentCount }
    }
    return nil
  }
}
