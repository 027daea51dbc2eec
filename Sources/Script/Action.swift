import NTTypes

/// One line of a script: something to do, or something to expect of what was done.
public struct Action: Hashable, Sendable {
  /// What there is to do.
  public enum Kind: Hashable, Sendable {
    /// Opens a device; the handle is the default one from then on.
    case open(path: String, handle: String?, access: FileAccess)
    /// Opens an enabled device interface of a class: the first one, or a later one.
    case openInterface(GUID, index: UInt64, handle: String?, access: FileAccess)
    /// Sends a request and waits for its completion, or goes on when it is asynchronous.
    case send(ScriptRequest, isAsynchronous: Bool)
    /// Makes an event, whose handle data may hold.
    case event(name: String)
    /// Makes a buffer of the program that stays, and whose address data may hold.
    case buffer(name: String, Buffer)
    /// Waits until an event is set.
    case waitEvent(name: String)
    /// Waits for the asynchronous request of a handle.
    case wait(handle: String?)
    /// Cancels the asynchronous request of a handle.
    case cancel(handle: String?)
    case close(handle: String?)
    case expect(Expectation)
    case show(Subject)
    /// Does something with a device: the first one, or the one that `show devices` numbers so.
    case device(DeviceAction, number: UInt64?)
    /// Sends the machine to sleep: S1 to S5.
    case sleep(UInt64)
    case wake
    case unload
  }

  /// What to do or to expect.
  public let kind: Kind
  /// The line number, from 1.
  public let line: Int
  /// The line as written, without blanks around it.
  public let text: String

  /// An action that no script wrote has the line number 0.
  public init(kind: Kind, line: Int, text: String) {
    (self.kind, self.line, self.text) = (kind, line, text)
  }

  /// The first word of the action, as reports name it.
  public var word: String {
    switch kind {
    case .open, .openInterface: "open"
    case .send(let request, _): request.word
    case .event: "event"
    case .buffer: "buffer"
    case .wait, .waitEvent: "wait"
    case .cancel: "cancel"
    case .close: "close"
    case .expect: "expect"
    case .show: "show"
    case .device(let action, _): action.word
    case .sleep: "sleep"
    case .wake: "wake"
    case .unload: "unload"
    }
  }

  /// The handle that the action names; nil stands for the one that was opened last.
  public var handle: String? {
    switch kind {
    case .open(_, let handle, _), .openInterface(_, _, let handle, _): handle
    case .send(let request, _): request.handle
    case .wait(let handle), .cancel(let handle), .close(let handle): handle
    case .event, .buffer, .waitEvent, .expect, .show, .device, .sleep, .wake, .unload: nil
    }
  }
}

/// A read, write or control request.
public struct ScriptRequest: Hashable, Sendable {
  /// What is asked of the driver.
  public enum Operation: Hashable, Sendable {
    case read(Buffer, offset: UInt64?)
    case write(Buffer, offset: UInt64?)
    case control(IoControlCode, input: Buffer?, output: Buffer?)
  }

  /// The handle to send it to; nil stands for the one that was opened last.
  public let handle: String?
  /// What is asked of the driver.
  public let operation: Operation

  /// A request for a handle.
  public init(handle: String?, operation: Operation) {
    (self.handle, self.operation) = (handle, operation)
  }

  /// The action that sends it.
  public var word: String {
    switch operation {
    case .read: "read"
    case .write: "write"
    case .control: "ioctl"
    }
  }
}

/// What a program gives a driver as a buffer.
public enum Buffer: Hashable, Sendable {
  /// So many bytes of zeros.
  case length(UInt64)
  /// What the buffer holds before the request.
  case data(ScriptData)
  /// The buffer that the script has made under a name.
  case named(String)
  /// A bare address, whatever is there or is not.
  case pointer(UInt64)
  /// A buffer with another length than its own.
  indirect case stated(Buffer, length: UInt64)
}

/// What a handle may be used for.
public enum FileAccess: String, Hashable, Sendable, CaseIterable {
  case read, write
  case readWrite = "readwrite"

  /// The rights that the opener asks for.
  public var mask: AccessMask {
    switch self {
    case .read: .genericRead
    case .write: .genericWrite
    case .readWrite: [.genericRead, .genericWrite]
    }
  }
}

/// What must be true of the action before it.
public enum Expectation: Hashable, Sendable {
  case status(NTStatus)
  case information(UInt64)
  /// The first bytes of the output, as many as the request reports.
  case data(ScriptData)
  /// The whole output buffer, or the buffer that the script has made under a name.
  case buffer(ScriptData, name: String? = nil)
}

/// What can be shown.
public enum Subject: String, Hashable, Sendable, CaseIterable {
  case pool, objects, requests, lookaside, trace, devices
}

/// What can be done with a device.
public enum DeviceAction: Hashable, Sendable {
  /// Removes it after its drivers have agreed.
  case remove
  /// Takes it away without warning.
  case surprise
  case stop, start, eject
  /// Sets its state of power: D0 to D3.
  case power(UInt64)

  /// The first word of the action.
  public var word: String {
    switch self {
    case .remove: "remove"
    case .surprise: "surprise"
    case .stop: "stop"
    case .start: "start"
    case .eject: "eject"
    case .power: "power"
    }
  }
}
