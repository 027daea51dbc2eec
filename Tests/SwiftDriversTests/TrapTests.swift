import Ring3
import Testing

/// A failed check of Swift in a part of a driver that runs on its own.
struct TrapTests {
  /// Where the check fails.
  enum Place: CaseIterable, Sendable {
    case task, thread, workItem, initializer
  }

  @Test("it ends the kernel, and the process lives on", arguments: Place.allCases)
  func stop(place: Place) async throws {
    let kernel = try Kernel()
    _ = try? kernel.run { driver, device in
      switch place {
      case .task: driver.task { fail() }
      case .thread: _ = try SystemThread(parent: device) { _ in fail() }
      case .workItem: try DriverWorkItem(parent: device) { _ in fail() }.enqueue()
      case .initializer: fail()
      }
    }
    while kernel.bugCheck == nil { await Task.yield() }
    #expect(kernel.bugCheck?.code == .kmodeExceptionNotHandled)
    #expect(kernel.bugCheck?.parameter1 == 0xC000_001D)
  }
}

private func fail() {
  let numbers = [1, 2, 3]
  let index = Int.random(in: 3..<4)
  print(numbers[index])
}
