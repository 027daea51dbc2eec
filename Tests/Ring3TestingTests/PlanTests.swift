import Ring3Testing
import Testing

@Suite(.driver("Tests/Drivers/losing.c")) struct PlanTests {
  let file: File

  init() throws { file = try TestKernel.current.open(#"\\.\Losing"#) }

  @Test(
    "One body moves bytes with every method",
    arguments: MethodPlan.all(function: 0x810), BufferSizes.page)
  func methods(plan: MethodPlan, size: Int) throws {
    let bytes = patternBytes(size)
    try plan.send(bytes, to: file)
    let reading = plan.canReceive ? plan : MethodPlan.all(function: 0x810)[0]
    expectBytes(try reading.receive(count: size, from: file), equal: bytes)
  }

  @Test("A method that gives nothing back says so")
  func inDirect() throws {
    let plan = MethodPlan.all(function: 0x810, methods: [.inDirect])[0]
    #expect(!plan.canReceive)
    expectStatus(.invalidParameter) { try plan.receive(count: 1, from: file) }
  }

  @Test("A bad user address is answered with a status", arguments: UserAddresses.bad)
  func addresses(address: UInt) throws {
    let code = MethodPlan.all(function: 0x810, methods: [.neither])[0].code
    expectStatus(.accessViolation) {
      try file.deviceControl(
        code, inputAt: address, inputCount: 8, outputAt: 0, outputCount: 0)
    }
  }

  @Test("Sizes are sorted, without repetition, and none is negative")
  func sizes() {
    for sizes in [BufferSizes.page, BufferSizes.boundaries, BufferSizes.around(0)] {
      #expect(sizes == Array(Set(sizes)).sorted() && sizes.allSatisfy { $0 >= 0 })
    }
    #expect(BufferSizes.around(24) == [23, 24, 25])
  }

  @Test("Patterns differ from page to page and by their seed")
  func patterns() {
    let bytes = patternBytes(8192)
    #expect(bytes.prefix(4096) != bytes.suffix(4096))
    #expect(bytes.prefix(256) != bytes[256..<512])
    #expect(patternBytes(16, seed: 1) != patternBytes(16))
    #expect(patternBytes(0).isEmpty)
  }
}
