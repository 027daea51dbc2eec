// One import beside `Testing` is enough.
@_exported import struct DriverBuild.BuildError
@_exported import struct DriverBuild.DriverBuilder
@_exported import Ring3
