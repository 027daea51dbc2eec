import Ring3

// The driver framework: `Drivers/wdfbench.c` loops inside one request.
extension Bench {
  func frameworkCases() -> [Case] {
    [
      pairs("WDFMEMORY from lookaside list, 64 B", .lookasidePair, 64),
      pairs("WDFMEMORY from lookaside list, 256 B", .lookasidePair, 256),
      pairs("WDFMEMORY, 64 B", .memoryPair, 64),
      pairs("WDFMEMORY, 256 B", .memoryPair, 256),
    ]
  }

  /// Making and deleting a memory object.
  private func pairs(_ name: String, _ loop: FrameworkLoop, _ size: Int) -> Case {
    Case(
      name: name, subject: Subject(name: "create + delete") { try self.run(loop, $0, size: size) },
      peers: [mallocPairs(size)])
  }
}
