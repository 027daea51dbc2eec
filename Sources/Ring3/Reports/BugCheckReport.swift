import Image
import Machine
import NTTypes
import PortableExecutable

extension Kernel {
  /// A place in a driver with its module and function, without a source line.
  package func frame(at address: UInt64) -> BugCheck.Frame {
    machine.frame(address, Images.known(in: machine), isFault: false)
  }
}

extension Machine {
  /// The recorded bug check with modules and symbols; nil while the machine runs.
  func report(images: [LoadedImage]) -> BugCheck? {
    guard let record = recordedBugCheck else { return nil }
    let (p1, p2, p3, p4) = record.parameters
    let frames = (0..<record.stackCount).map { index in
      frame(record.stack[index], images, isFault: index < 32 && record.faultBits >> index & 1 != 0)
    }
    return BugCheck(
      BugCheckCode(record.code), p1, p2, p3, p4,
      context: BugCheck.Context(
        subject: record.subject.map { String(cString: $0) }, irql: Irql(rawValue: record.irql),
        request: record.request.text, line: record.scriptLine == 0 ? nil : Int(record.scriptLine),
        frames: frames, rule: record.rule.flatMap { VerifierRule.named("\($0)") },
        causes: causes(record.causes, images)))
  }

  /// A verdict that did not end the machine, as a bug check that did not happen.
  func verdict(_ record: VerdictRecord, images: [LoadedImage]) -> BugCheck {
    let (p1, p2, p3, p4) = record.parameters
    return BugCheck(
      BugCheckCode(record.code), p1, p2, p3, p4,
      context: BugCheck.Context(
        subject: record.subject.map { String(cString: $0) }, irql: Irql(rawValue: record.irql),
        request: record.request.text,
        line: record.scriptLine == 0 ? nil : Int(record.scriptLine),
        frames: frames(record.stack, images),
        rule: record.rule.flatMap { VerifierRule.named("\($0)") },
        causes: causes(record.causes, images), count: record.count))
  }

  private func causes(_ causes: Causes, _ images: [LoadedImage]) -> [BugCheck.Cause] {
    causes.all.map {
      BugCheck.Cause(event: $0.event.word, frames: frames($0.stack, images))
    }
  }

  func frames(_ stack: StackNumber, _ images: [LoadedImage]) -> [BugCheck.Frame] {
    let addresses = verifierState?.pointee.stacks.frames(of: stack) ?? []
    return addresses.map { frame($0, images, isFault: false) }
  }

  func frame(
    _ address: UInt64, _ images: [LoadedImage], isFault: Bool
  ) -> BugCheck.Frame {
    guard let image = images.first(where: { $0.contains(address) }) else {
      return BugCheck.Frame(address: address, isFault: isFault)
    }
    let offset = address - UInt64(UInt(bitPattern: image.base))
    return BugCheck.Frame(
      address: address, module: image.name, offset: offset,
      symbol: image.image.symbol(nearest: UInt32(offset)).map { "\($0)" }, isFault: isFault)
  }
}
