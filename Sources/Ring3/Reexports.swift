// What a user of Ring3 meets in its API and that lower layers define.
@_exported import struct Framework.FrameworkContextRecord
@_exported import struct Framework.FrameworkLeak
@_exported import struct Framework.FrameworkObjectRecord
@_exported import struct Framework.FrameworkTagRecord
@_exported import class Hardware.BlockMover
@_exported import class Hardware.DeviceBus
@_exported import struct Hardware.DeviceConfiguration
@_exported import struct Hardware.DeviceInterrupt
@_exported import struct Hardware.DeviceResources
@_exported import enum Hardware.DmaError
@_exported import enum Hardware.PlugError
@_exported import protocol Hardware.SimulatedDevice
@_exported import struct IOManager.TraceEvent
@_exported import enum IOManager.TraceStep
@_exported import struct Machine.MachineConfiguration
@_exported import struct Machine.MachineError
@_exported import enum Machine.PageProtection
@_exported import struct Memory.LookasideUsage
@_exported import struct Memory.PoolBlock
@_exported import enum Memory.PoolKind
@_exported import struct Memory.PoolTagUsage
@_exported import NTTypes
@_exported import struct Objects.ObjectRecord
@_exported import enum PlugAndPlay.DevicePowerState
@_exported import struct PlugAndPlay.DeviceProblem
@_exported import enum PlugAndPlay.DeviceState
@_exported import struct PlugAndPlay.InstrumentationEvent
@_exported import enum PlugAndPlay.SystemPowerState
@_exported import struct SystemServices.RegistryError
@_exported import SwiftDrivers
