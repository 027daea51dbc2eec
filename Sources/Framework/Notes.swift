import CRing3
import Machine

extension Framework {
  /// Writes a line about a driver's mistake or an unusual event to the debug output.
  ///
  /// The text must not be made of driver memory: a fault there would abandon it.
  package func note(_ text: String) {
    var line = "Ring3: \(text)\n"
    line.withUTF8 { machine.debugOutput($0) }
  }
}
