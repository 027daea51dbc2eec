import Glibc

/// A host thread that runs a closure.
final class HostThread: @unchecked Sendable {
  private var handle = pthread_t()
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
    let argument = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<HostThread>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, argument)
  }

  func join() { pthread_join(handle, nil) }
}
