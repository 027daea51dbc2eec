import Glibc

/// Names of Swift's as the runtime reads them.
package enum SwiftSymbol {
  /// The name for people; one that is not Swift's as it is.
  package static func text(_ symbol: String) -> String {
    guard symbol.hasPrefix("$s"), let demangle,
      let text = demangle(symbol, symbol.utf8.count, nil, nil, 0)
    else { return symbol }
    defer { free(text) }
    return String(cString: text)
  }

  private typealias Demangle =
    @convention(c) (
      UnsafePointer<CChar>, Int, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>?, UInt32
    ) -> UnsafeMutablePointer<CChar>?

  private static let demangle: Demangle? = dlsym(dlopen(nil, RTLD_NOW), "swift_demangle")
    .map { unsafeBitCast($0, to: Demangle.self) }
}
