// What a user of Ring3 meets in its API and that lower layers define.
@_exported import struct Machine.MachineConfiguration
@_exported import struct Machine.MachineError
@_exported import enum Machine.PageProtection
@_exported import NTTypes
