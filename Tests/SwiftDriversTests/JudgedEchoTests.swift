import Ring3Testing
import SampleDrivers
import Testing

/// A driver in Swift under the trait that judges what it leaves behind.
@Suite(.driver(.type(Echo.self)))
struct JudgedEchoTests {
  @Test func `what is written is read back, and nothing is left behind`() throws {
    let file = try TestKernel.current.open(#"\\.\SwiftEcho"#)
    try file.write("hello")
    expectBytes(try file.read(count: 100), equal: "hello".utf8)
    expectStatus(.bufferTooSmall) {
      try file.deviceControl(.echoReverse, input: [1, 2, 3], outputCount: 2)
    }
  }
}
