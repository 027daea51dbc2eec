import Foundation
import Ring3Testing
import Testing

/// The file that the environment variable DRIVER names, or `driver.sys` in the folder of this package.
///
/// A source, `driver.c`, is built first.
private let driver = DriverFile.environment("DRIVER", default: "driver.sys")

/// What programs open: the environment variable DEVICE, such as `\\.\Echo`.
private let device = ProcessInfo.processInfo.environment["DEVICE"]

/// What every driver should stand.
///
/// Each test has a kernel of its own; afterwards the driver is
/// unloaded, and the test fails when anything is left behind.
@Suite(.driver(driver)) struct DriverTests {
  @Test func `loads, starts and unloads, and leaves nothing behind`() throws {
    #expect(try TestKernel.current.driver.missingImports == [])
  }

  @Test(.enabled(if: device != nil, "DEVICE names no device."))
  func `opens and closes`() throws {
    try TestKernel.current.open(device ?? "").close()
  }

  @Test(
    .enabled(if: device != nil, "DEVICE names no device."),
    arguments: MethodPlan.all(function: 0xABC), BufferSizes.page)
  func `refuses a control code that it does not have`(plan: MethodPlan, size: Int) throws {
    let file = try TestKernel.current.open(device ?? "")
    #expect(throws: KernelError.self) { try plan.send(patternBytes(size), to: file) }
  }
}
