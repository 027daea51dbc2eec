import Foundation
import Testing

/// The same headers, read as a driver reads them.
@Suite struct DriverModeTests {
  @Test("BUF-04: control codes, and the layouts that the host sees")
  func layouts() {
    let source = Clang.headers.deletingLastPathComponent().appending(path: "layout.c")
    #expect(Clang.complaints(about: source, language: "c", standard: "c17") == "")
  }

  @Test("Each header stands alone, in C and in C++", arguments: Clang.publicHeaders)
  func standalone(header: String) {
    let file = Clang.headers.appending(path: header)
    #expect(Clang.complaints(about: file, language: "c", standard: "c17") == "")
    #expect(Clang.complaints(about: file, language: "c++", standard: "c++17") == "")
  }
}
