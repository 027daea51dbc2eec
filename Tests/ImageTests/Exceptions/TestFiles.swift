import Foundation

/// The path of a driver source beside these tests.
func testSource(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Drivers/\(name)")
    .path(percentEncoded: false)
}

func fileContents(_ path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(filePath: path)))
}
