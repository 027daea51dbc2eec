extension RunReport {
  /// A request of a program on its way through the six steps.
  public struct Request: Codable, Hashable, Sendable {
    /// The index of the action that sent it.
    public var action: Int
    /// When it was issued, in nanoseconds since the start of the run.
    public var start: Int64
    /// The points on its way.
    public var points: [Point] = []

    /// Begins a request.
    public init(action: Int, start: Int64) {
      self.action = action
      self.start = start
    }

    /// How long it took, in nanoseconds, as far as it was recorded.
    public var duration: Int64 { points.last?.time ?? 0 }

    /// Whether its end was recorded.
    public var isFinished: Bool { points.last?.name == "finished" }
  }

  /// A point on the way of a request.
  public struct Point: Codable, Hashable, Sendable {
    /// The step of a buffered read that it belongs to, 1 to 6.
    public var step: Int
    /// The name of the point: `issued`, `bufferAllocated`, ….
    public var name: String
    /// Nanoseconds since the request was issued.
    public var time: Int64
    /// What happened, in words.
    public var text: String
    /// The level of the processor.
    public var irql: Int
    /// The number of the thread.
    public var thread: UInt

    /// Makes a point.
    public init(step: Int, name: String, time: Int64, text: String, irql: Int, thread: UInt) {
      self.step = step
      self.name = name
      self.time = time
      self.text = text
      self.irql = irql
      self.thread = thread
    }
  }
}
