import Ring3

/// The device that a driver gets before the test.
public struct TestDevice: Sendable {
  enum Place {
    case none, automatic, stack, bus
  }

  let place: Place
  /// Its hardware identifiers, the most exact first.
  public var hardwareIDs = [#"ROOT\RING3"#]
  /// A text for people.
  public var description = ""
  /// Resources that it gets when it is started; those of a simulated device come on top.
  public var resources: DeviceResources = []
  /// Makes the simulated device whose registers the driver finds, one for each test.
  public var simulation: (@Sendable () -> any SimulatedDevice)?

  init(_ place: Place) { self.place = place }

  /// No device: the test adds one itself, or the drivers need none.
  public static let none = TestDevice(.none)

  /// A device whose stack is made of all drivers that have an AddDevice routine, the first one at
  /// the bottom; none when no driver has one.
  public static let automatic = TestDevice(.automatic)

  /// A device whose stack is made of all drivers, the first one at the bottom.
  ///
  /// - Parameters:
  ///   - hardwareIDs: its hardware identifiers, the most exact first.
  ///   - resources: what it gets when it is started.
  ///   - simulation: makes the simulated device whose registers the driver finds.
  public static func stack(
    hardwareIDs: [String] = [#"ROOT\RING3"#], resources: DeviceResources = [],
    simulation: (@Sendable () -> any SimulatedDevice)? = nil
  ) -> TestDevice {
    var device = TestDevice(.stack)
    device.hardwareIDs = hardwareIDs
    device.resources = resources
    device.simulation = simulation
    return device
  }

  /// A device for the first driver, a bus; the others, bottom to top, make the stacks of the devices
  /// that it reports.
  public static let bus = TestDevice(.bus)
}
