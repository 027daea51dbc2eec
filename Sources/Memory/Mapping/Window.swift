import Glibc
import Machine

/// A range of system addresses that shows frames which also have another address.
struct Window {
  enum Kind { case list, reserved, device }

  let kind: Kind
  /// The tag that the range was reserved with.
  let tag: UInt32
  /// First address; a page that nothing is mapped at lies before, and one behind.
  let base: UInt
  let pageCount: Int
  /// The frames that are mapped now, from the first page on.
  let frames: UnsafeMutablePointer<UInt64>
  var mappedCount = 0
  /// How the pages are protected, when the verifier looks at who touches them.
  var guarding: MappingGuard?
  /// Who mapped physical addresses, in a verified machine.
  var origin: StackNumber = 0
  var next: UnsafeMutablePointer<Window>?

  func contains(_ address: UInt) -> Bool {
    address >= base && address - base < UInt(pageCount << pageShift)
  }

  func destroy() {
    let first = UnsafeMutableRawPointer(bitPattern: base - UInt(pageSize))
    munmap(first, (pageCount + 2) << pageShift)
    free(frames)
  }
}

extension Machine {
  /// Reserves addresses; nil when the host has none, or no memory.
  func makeWindow(_ kind: Window.Kind, pageCount: Int, tag: UInt32 = 0)
    -> UnsafeMutablePointer<Window>?
  {
    guard pageCount > 0,
      let range = Host.map((pageCount + 2) << pageShift, protection: PROT_NONE)
    else { return nil }
    guard let frames = malloc(pageCount * 8), let block = malloc(MemoryLayout<Window>.size) else {
      munmap(range, (pageCount + 2) << pageShift)
      return nil
    }
    let window = block.bindMemory(to: Window.self, capacity: 1)
    window.initialize(
      to: Window(
        kind: kind, tag: tag, base: UInt(bitPattern: range + pageSize), pageCount: pageCount,
        frames: frames.assumingMemoryBound(to: UInt64.self)))
    mdls.pointee.lock.lockStaying()
    window.pointee.next = mdls.pointee.windows
    mdls.pointee.windows = window
    mdls.pointee.lock.unlock()
    return window
  }

  /// Gives a window's addresses back.
  func removeWindow(_ window: UnsafeMutablePointer<Window>) {
    mdls.pointee.lock.lockStaying()
    withUnsafeMutablePointer(to: &mdls.pointee.windows) { head in
      var link = head
      while let candidate = link.pointee, candidate != window {
        link = UnsafeMutableRawPointer(candidate)
          .advanced(by: MemoryLayout<Window>.offset(of: \.next).unsafelyUnwrapped)
          .assumingMemoryBound(to: UnsafeMutablePointer<Window>?.self)
      }
      if link.pointee == window { link.pointee = window.pointee.next }
    }
    mdls.pointee.lock.unlock()
    window.pointee.destroy()
    free(window)
  }

  /// The window that an address lies in.
  func window(at address: UInt) -> UnsafeMutablePointer<Window>? {
    mdls.pointee.lock.lockStaying()
    var next = mdls.pointee.windows
    while let window = next, !window.pointee.contains(address) { next = window.pointee.next }
    mdls.pointee.lock.unlock()
    return next
  }

  /// Shows frames from a page of a window on; false when one of them has no file, or the host refuses.
  func show(
    _ frames: UnsafePointer<UInt64>, _ count: Int, in window: UnsafeMutablePointer<Window>,
    protection: Int32
  ) -> Bool {
    guard count <= window.pointee.pageCount else { return false }
    var index = 0
    while index < count {
      guard let place = fileOffset(of: frames[index]) else { break }
      var length = 1
      while index + length < count, frames[index + length] == frames[index] + UInt64(length),
        fileOffset(of: frames[index + length])?.offset == place.offset + length << pageShift
      { length += 1 }
      let address = UnsafeMutableRawPointer(
        bitPattern: window.pointee.base + UInt(index << pageShift))
      let result = mmap(
        address, length << pageShift, protection, MAP_SHARED | MAP_FIXED, place.file, place.offset)
      guard result == address else { break }
      index += length
    }
    guard index == count else {
      hide(window)
      return false
    }
    window.pointee.frames.update(from: frames, count: count)
    window.pointee.mappedCount = count
    return true
  }

  /// Makes a window show nothing.
  func hide(_ window: UnsafeMutablePointer<Window>) {
    window.pointee.mappedCount = 0
    mmap(
      UnsafeMutableRawPointer(bitPattern: window.pointee.base),
      window.pointee.pageCount << pageShift, PROT_NONE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | 0x4000, -1, 0)
  }

  /// The file that holds a frame, and where.
  private func fileOffset(of frame: UInt64) -> (file: Int32, offset: Int)? {
    if frame < UInt64(state.pointee.memory.frameCount) {
      return (state.pointee.memory.file, Int(frame) << pageShift)
    }
    return mdls.pointee.devices.fileOffset(of: frame)
  }
}

extension MdlState {
  mutating func destroyWindows() {
    while let window = windows {
      windows = window.pointee.next
      window.pointee.destroy()
      free(window)
    }
  }
}
