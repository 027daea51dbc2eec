import Ring3
import Testing

/// Each rule has a driver that breaks it, and the same driver repaired.
@Suite struct DefectTests {
  @Test(arguments: Defect.all)
  func `a driver that breaks a rule gets exactly that verdict`(defect: Defect) throws {
    let verdicts = try defect.run(isRepaired: false)
    #expect(verdicts.map { $0.rule?.name } == [defect.name], "\(verdicts.map(\.message))")
  }

  @Test(arguments: Defect.all)
  func `the class of a rule is enough to find it`(defect: Defect) throws {
    let verdicts = try defect.run(isRepaired: false, isAlone: true)
    #expect(verdicts.map { $0.rule?.name } == [defect.name], "\(verdicts.map(\.message))")
  }

  @Test(arguments: Defect.all)
  func `the repaired driver gets none`(defect: Defect) throws {
    let verdicts = try defect.run(isRepaired: true)
    #expect(verdicts.isEmpty, "\(verdicts.map(\.message))")
  }

  @Test(arguments: [false, true])
  func `a control device is finished before EvtDriverDeviceAdd returns`(isRepaired: Bool) throws {
    let defect = Defect(name: "CtlDeviceFinishInitDeviceAdd")
    let kernel = try defect.makeKernel()
    do {
      let driver = try defect.load(in: kernel, isRepaired: isRepaired)
      try kernel.addDevice(stack: [driver])
    } catch let error as KernelError where error.bugCheck != nil {}
    let verdicts = kernel.verdicts + [kernel.bugCheck].compactMap(\.self)
    #expect(verdicts.map { $0.rule?.name } == (isRepaired ? [] : [defect.name]))
  }

  @Test func `each driver is named after a rule`() {
    #expect(!Defect.files.isEmpty)
    for name in Defect.files { #expect(VerifierRule.named(name) != nil, "\(name)") }
  }
}
