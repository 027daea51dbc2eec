import NTTypes

// Handlers that may `await`: each request gets a task of its own, by ``Request/perform(priority:_:)``.
// A closure that awaits comes here, one that does not to the handlers of the same names.
extension QueueHandlers {
  /// What a task does with a control request and its code.
  public typealias ControlTaskHandler =
    @Sendable (_ request: consuming Request, _ code: IoControlCode) async throws -> Void

  /// Handles reads in tasks.
  public mutating func onRead(async handler: @escaping Request.TaskHandler) {
    onRead { (request: consuming Request) in request.perform(handler) }
  }

  /// Handles writes in tasks.
  public mutating func onWrite(async handler: @escaping Request.TaskHandler) {
    onWrite { (request: consuming Request) in request.perform(handler) }
  }

  /// Handles device control requests in tasks.
  public mutating func onDeviceControl(async handler: @escaping ControlTaskHandler) {
    onDeviceControl { (request: consuming Request, code) in
      request.perform { (request: consuming Request) in try await handler(request, code) }
    }
  }

  /// Handles internal device control requests in tasks.
  public mutating func onInternalControl(async handler: @escaping ControlTaskHandler) {
    onInternalControl { (request: consuming Request, code) in
      request.perform { (request: consuming Request) in try await handler(request, code) }
    }
  }

  /// Handles requests that have no handler of their own in tasks.
  public mutating func onOther(async handler: @escaping Request.TaskHandler) {
    onOther { (request: consuming Request) in request.perform(handler) }
  }
}
