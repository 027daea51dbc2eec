import DriverBuild
import Foundation
import Image
import NTTypes
import PortableExecutable

extension Kernel {
  /// The bug check that ended this kernel, with source lines; nil while it runs.
  ///
  /// The lines come from the toolchain's `llvm-symbolizer`, which is run here, and from the debug
  /// information of the images. Without one of them the frames stay as they are in ``bugCheck``.
  /// Not to be called where time matters.
  public func bugCheckWithSourceLines() -> BugCheck? { bugCheck.map { addingSourceLines(to: $0) } }

  /// Addresses in drivers - such as `PoolBlock.site` - with module, function and source line.
  ///
  /// A kernel that verifies knows the code of drivers that went, too; another only that of loaded ones. Runs
  /// `llvm-symbolizer`, like ``bugCheckWithSourceLines()``.
  ///
  /// - Parameter addresses: where calls return, as in a stack.
  /// - Returns: a frame for each address, in their order.
  public func frames(of addresses: [UInt64]) -> [BugCheck.Frame] {
    let images = Images.known(in: machine)
    let frames = addresses.map { machine.frame($0, images, isFault: false) }
    let carrier = BugCheck(BugCheckCode(0), context: BugCheck.Context(frames: frames))
    return addingSourceLines(to: carrier).context.frames
  }

  /// A bug check of this kernel, with source lines as far as they can be found: in its own calls and in
  /// those of its causes.
  public func addingSourceLines(to bugCheck: BugCheck) -> BugCheck {
    addingSourceLines(to: [bugCheck])[0]
  }

  /// Bug checks of this kernel with source lines; each address is looked up once.
  func addingSourceLines(to bugChecks: [BugCheck]) -> [BugCheck] {
    guard let symbolizer = Symbolizer() else { return bugChecks }
    var result = bugChecks
    for image in Images.known(in: machine) {
      let frames = result.flatMap { $0.stacks.joined() }.filter { $0.isOpen(in: image) }
      let offsets = Array(Set(frames.map(\.lookupOffset))).sorted()
      guard !offsets.isEmpty else { continue }
      let places = image.withFile { symbolizer.places(ofMany: offsets, image: $0) } ?? []
      let known = Dictionary(uniqueKeysWithValues: zip(offsets, places))
      for index in result.indices { result[index].enter(known, image) }
    }
    return result
  }
}

extension BugCheck {
  /// The stacks: its own, and those of its causes.
  fileprivate var stacks: [[Frame]] { [context.frames] + context.causes.map(\.frames) }

  /// Adds what is known to the frames in an image.
  fileprivate mutating func enter(_ known: [UInt64: [Symbolizer.Place]], _ image: LoadedImage) {
    context.frames = context.frames.map { $0.with(known, image) }
    for index in context.causes.indices {
      context.causes[index].frames = context.causes[index].frames.map { $0.with(known, image) }
    }
  }
}

extension BugCheck.Frame {
  /// Whether the address lies in an image and has no source line yet.
  fileprivate func isOpen(in image: LoadedImage) -> Bool {
    places.isEmpty && module == image.name && image.contains(address)
  }

  fileprivate func with(_ known: [UInt64: [Symbolizer.Place]], _ image: LoadedImage) -> Self {
    guard isOpen(in: image), let found = known[lookupOffset] else { return self }
    var result = self
    result.places = found.map {
      BugCheck.SourcePlace(function: $0.function, file: $0.file, line: $0.line)
    }
    return result
  }

  /// The offset to look up: a call may be the last instruction of its line, so one byte before its
  /// return.
  fileprivate var lookupOffset: UInt64 {
    guard let offset, offset > 0 else { return 0 }
    return isFault ? offset : offset - 1
  }
}

extension LoadedImage {
  /// Calls `body` with the path of a file that holds exactly the bytes that were loaded.
  ///
  /// The file that was loaded may have been built anew since; then it would give wrong lines.
  fileprivate func withFile<R>(_ body: (String) -> R) -> R? {
    if let path, let data = FileManager.default.contents(atPath: path), data.elementsEqual(bytes) {
      return body(path)
    }
    let copy = NSTemporaryDirectory() + "/ring3-image-" + UUID().uuidString
    guard FileManager.default.createFile(atPath: copy, contents: Data(bytes)) else { return nil }
    defer { unlink(copy) }
    return body(copy)
  }

  private var bytes: [UInt8] { image.bytes }
}
