import CDriverKit
import Testing

/// The structures as Swift sees them; `layout.c` says the same to the C compilers.
@Suite struct LayoutTests {
  @Test("BUF-79: IO_STATUS_BLOCK has 16 bytes")
  func ioStatusBlock() {
    #expect(MemoryLayout<IO_STATUS_BLOCK>.size == 0x10)
    expect(0, of: \IO_STATUS_BLOCK.Status)
    expect(0, of: \IO_STATUS_BLOCK.Pointer)
    expect(8, of: \IO_STATUS_BLOCK.Information)
  }

  @Test("BUF-80: the head of an IRP")
  func irp() {
    #expect(MemoryLayout<IRP>.size == 0xD0)
    #expect(MemoryLayout<IRP>.alignment == 16)
    expect(0, of: \.Type as WritableKeyPath<IRP, _>)
    expect(2, of: \IRP.Size)
    expect(4, of: \IRP.AllocationProcessorNumber)
    expect(8, of: \IRP.MdlAddress)
    expect(0x10, of: \IRP.Flags)
    expect(0x18, of: \IRP.AssociatedIrp.MasterIrp)
    expect(0x18, of: \IRP.AssociatedIrp.IrpCount)
    expect(0x18, of: \IRP.AssociatedIrp.SystemBuffer)
    expect(0x20, of: \IRP.ThreadListEntry)
    expect(0x30, of: \IRP.IoStatus)
    expect(0x40, of: \IRP.RequestorMode)
    expect(0x41, of: \IRP.PendingReturned)
    expect(0x42, of: \IRP.StackCount)
    expect(0x43, of: \IRP.CurrentLocation)
    expect(0x44, of: \IRP.Cancel)
    expect(0x45, of: \IRP.CancelIrql)
    expect(0x46, of: \IRP.ApcEnvironment)
    expect(0x47, of: \IRP.AllocationFlags)
    expect(0x48, of: \IRP.UserIosb)
    expect(0x50, of: \IRP.UserEvent)
    expect(0x58, of: \IRP.Overlay)
    expect(0x68, of: \IRP.CancelRoutine)
    expect(0x70, of: \IRP.UserBuffer)
  }

  @Test("BUF-80: the tail of an IRP")
  func irpTail() {
    expect(0x78, of: \IRP.Tail.Overlay.DriverContext)
    expect(0x78, of: \IRP.Tail.Overlay.DeviceQueueEntry)
    expect(0x78, of: \IRP.Tail.Apc)
    expect(0x78, of: \IRP.Tail.CompletionKey)
    expect(0x98, of: \IRP.Tail.Overlay.Thread)
    expect(0xA0, of: \IRP.Tail.Overlay.AuxiliaryBuffer)
    expect(0xA8, of: \IRP.Tail.Overlay.ListEntry)
    expect(0xB8, of: \IRP.Tail.Overlay.CurrentStackLocation)
    expect(0xC0, of: \IRP.Tail.Overlay.OriginalFileObject)
  }

  @Test("BUF-81: IO_STACK_LOCATION and its parameters")
  func stackLocation() {
    #expect(MemoryLayout<IO_STACK_LOCATION>.size == 0x48)
    #expect(MemoryLayout<IO_STACK_LOCATION>.stride == 0x48)
    expect(0, of: \IO_STACK_LOCATION.MajorFunction)
    expect(1, of: \IO_STACK_LOCATION.MinorFunction)
    expect(2, of: \IO_STACK_LOCATION.Flags)
    expect(3, of: \IO_STACK_LOCATION.Control)
    expect(8, of: \IO_STACK_LOCATION.Parameters)
    expect(8, of: \IO_STACK_LOCATION.Parameters.Read.Length)
    expect(0x10, of: \IO_STACK_LOCATION.Parameters.Read.Key)
    expect(0x18, of: \IO_STACK_LOCATION.Parameters.Read.ByteOffset)
    expect(8, of: \IO_STACK_LOCATION.Parameters.Write.Length)
    expect(0x10, of: \IO_STACK_LOCATION.Parameters.Write.Key)
    expect(0x18, of: \IO_STACK_LOCATION.Parameters.Write.ByteOffset)
    expect(8, of: \IO_STACK_LOCATION.Parameters.DeviceIoControl.OutputBufferLength)
    expect(0x10, of: \IO_STACK_LOCATION.Parameters.DeviceIoControl.InputBufferLength)
    expect(0x18, of: \IO_STACK_LOCATION.Parameters.DeviceIoControl.IoControlCode)
    expect(0x20, of: \IO_STACK_LOCATION.Parameters.DeviceIoControl.Type3InputBuffer)
    expect(8, of: \IO_STACK_LOCATION.Parameters.Others.Argument1)
    expect(0x20, of: \IO_STACK_LOCATION.Parameters.Others.Argument4)
    expect(0x28, of: \IO_STACK_LOCATION.DeviceObject)
    expect(0x30, of: \IO_STACK_LOCATION.FileObject)
    expect(0x38, of: \IO_STACK_LOCATION.CompletionRoutine)
    expect(0x40, of: \IO_STACK_LOCATION.Context)
  }

  @Test("BUF-82: DEVICE_OBJECT")
  func deviceObject() {
    #expect(MemoryLayout<DEVICE_OBJECT>.stride == 0x150)
    #expect(MemoryLayout<DEVICE_OBJECT>.alignment == 16)
    expect(0, of: \.Type as WritableKeyPath<DEVICE_OBJECT, _>)
    expect(2, of: \DEVICE_OBJECT.Size)
    expect(4, of: \DEVICE_OBJECT.ReferenceCount)
    expect(8, of: \DEVICE_OBJECT.DriverObject)
    expect(0x10, of: \DEVICE_OBJECT.NextDevice)
    expect(0x18, of: \DEVICE_OBJECT.AttachedDevice)
    expect(0x20, of: \DEVICE_OBJECT.CurrentIrp)
    expect(0x28, of: \DEVICE_OBJECT.Timer)
    expect(0x30, of: \DEVICE_OBJECT.Flags)
    expect(0x34, of: \DEVICE_OBJECT.Characteristics)
    expect(0x38, of: \DEVICE_OBJECT.Vpb)
    expect(0x40, of: \DEVICE_OBJECT.DeviceExtension)
    expect(0x48, of: \DEVICE_OBJECT.DeviceType)
    expect(0x4C, of: \DEVICE_OBJECT.StackSize)
    expect(0x50, of: \DEVICE_OBJECT.Queue)
    expect(0x98, of: \DEVICE_OBJECT.AlignmentRequirement)
    expect(0xA0, of: \DEVICE_OBJECT.DeviceQueue)
    expect(0xC8, of: \DEVICE_OBJECT.Dpc)
    expect(0x108, of: \DEVICE_OBJECT.ActiveThreadCount)
    expect(0x110, of: \DEVICE_OBJECT.SecurityDescriptor)
    expect(0x118, of: \DEVICE_OBJECT.DeviceLock)
    expect(0x130, of: \DEVICE_OBJECT.SectorSize)
    expect(0x138, of: \DEVICE_OBJECT.DeviceObjectExtension)
    expect(0x140, of: \DEVICE_OBJECT.Reserved)
  }

  @Test("BUF-83: DRIVER_OBJECT")
  func driverObject() {
    #expect(MemoryLayout<DRIVER_OBJECT>.size == 0x150)
    expect(0, of: \.Type as WritableKeyPath<DRIVER_OBJECT, _>)
    expect(2, of: \DRIVER_OBJECT.Size)
    expect(8, of: \DRIVER_OBJECT.DeviceObject)
    expect(0x10, of: \DRIVER_OBJECT.Flags)
    expect(0x18, of: \DRIVER_OBJECT.DriverStart)
    expect(0x20, of: \DRIVER_OBJECT.DriverSize)
    expect(0x28, of: \DRIVER_OBJECT.DriverSection)
    expect(0x30, of: \DRIVER_OBJECT.DriverExtension)
    expect(0x38, of: \DRIVER_OBJECT.DriverName)
    expect(0x48, of: \DRIVER_OBJECT.HardwareDatabase)
    expect(0x50, of: \DRIVER_OBJECT.FastIoDispatch)
    expect(0x58, of: \DRIVER_OBJECT.DriverInit)
    expect(0x60, of: \DRIVER_OBJECT.DriverStartIo)
    expect(0x68, of: \DRIVER_OBJECT.DriverUnload)
    expect(0x70, of: \DRIVER_OBJECT.MajorFunction)
    #expect(MemoryLayout.size(ofValue: DRIVER_OBJECT().MajorFunction) == 28 * 8)
  }

  @Test("BUF-84: FILE_OBJECT")
  func fileObject() {
    #expect(MemoryLayout<FILE_OBJECT>.size == 0xD8)
    expect(0, of: \.Type as WritableKeyPath<FILE_OBJECT, _>)
    expect(2, of: \FILE_OBJECT.Size)
    expect(8, of: \FILE_OBJECT.DeviceObject)
    expect(0x10, of: \FILE_OBJECT.Vpb)
    expect(0x18, of: \FILE_OBJECT.FsContext)
    expect(0x20, of: \FILE_OBJECT.FsContext2)
    expect(0x28, of: \FILE_OBJECT.SectionObjectPointer)
    expect(0x30, of: \FILE_OBJECT.PrivateCacheMap)
    expect(0x38, of: \FILE_OBJECT.FinalStatus)
    expect(0x40, of: \FILE_OBJECT.RelatedFileObject)
    expect(0x48, of: \FILE_OBJECT.LockOperation)
    expect(0x49, of: \FILE_OBJECT.DeletePending)
    expect(0x4A, of: \FILE_OBJECT.ReadAccess)
    expect(0x4B, of: \FILE_OBJECT.WriteAccess)
    expect(0x4C, of: \FILE_OBJECT.DeleteAccess)
    expect(0x4D, of: \FILE_OBJECT.SharedRead)
    expect(0x4E, of: \FILE_OBJECT.SharedWrite)
    expect(0x4F, of: \FILE_OBJECT.SharedDelete)
    expect(0x50, of: \FILE_OBJECT.Flags)
    expect(0x58, of: \FILE_OBJECT.FileName)
    expect(0x68, of: \FILE_OBJECT.CurrentByteOffset)
    expect(0x70, of: \FILE_OBJECT.Waiters)
    expect(0x74, of: \FILE_OBJECT.Busy)
    expect(0x78, of: \FILE_OBJECT.LastLock)
    expect(0x80, of: \FILE_OBJECT.Lock)
    expect(0x98, of: \FILE_OBJECT.Event)
    expect(0xB0, of: \FILE_OBJECT.CompletionContext)
    expect(0xB8, of: \FILE_OBJECT.IrpListLock)
    expect(0xC0, of: \FILE_OBJECT.IrpList)
    expect(0xD0, of: \FILE_OBJECT.FileObjectExtension)
  }

  @Test("MDL-01: MDL has 48 bytes before its page frame numbers")
  func mdl() {
    #expect(MemoryLayout<MDL>.size == 0x30)
    #expect(MemoryLayout<PFN_NUMBER>.size == 8)
    expect(0, of: \MDL.Next)
    expect(8, of: \MDL.Size)
    expect(0xA, of: \MDL.MdlFlags)
    expect(0xC, of: \MDL.AllocationProcessorNumber)
    expect(0xE, of: \MDL.Reserved)
    expect(0x10, of: \MDL.Process)
    expect(0x18, of: \MDL.MappedSystemVa)
    expect(0x20, of: \MDL.StartVa)
    expect(0x28, of: \MDL.ByteCount)
    expect(0x2C, of: \MDL.ByteOffset)
  }

  @Test("LOOK-32: the head of a lookaside list")
  func lookaside() {
    #expect(MemoryLayout<NPAGED_LOOKASIDE_LIST>.size == 0x80)
    #expect(MemoryLayout<PAGED_LOOKASIDE_LIST>.size == 0x80)
    #expect(MemoryLayout<LOOKASIDE_LIST_EX>.size == 0x60)
    expect(0, of: \NPAGED_LOOKASIDE_LIST.L.ListHead)
    expect(0x10, of: \NPAGED_LOOKASIDE_LIST.L.Depth)
    expect(0x12, of: \NPAGED_LOOKASIDE_LIST.L.MaximumDepth)
    expect(0x14, of: \NPAGED_LOOKASIDE_LIST.L.TotalAllocates)
    expect(0x18, of: \NPAGED_LOOKASIDE_LIST.L.AllocateMisses)
    expect(0x1C, of: \NPAGED_LOOKASIDE_LIST.L.TotalFrees)
    expect(0x20, of: \NPAGED_LOOKASIDE_LIST.L.FreeMisses)
    expect(0x24, of: \.L.Type as WritableKeyPath<NPAGED_LOOKASIDE_LIST, _>)
    expect(0x28, of: \NPAGED_LOOKASIDE_LIST.L.Tag)
    expect(0x2C, of: \NPAGED_LOOKASIDE_LIST.L.Size)
    expect(0x30, of: \NPAGED_LOOKASIDE_LIST.L.Allocate)
    expect(0x38, of: \NPAGED_LOOKASIDE_LIST.L.Free)
    expect(0x40, of: \NPAGED_LOOKASIDE_LIST.L.ListEntry)
    expect(0x50, of: \NPAGED_LOOKASIDE_LIST.L.LastTotalAllocates)
    expect(0x54, of: \NPAGED_LOOKASIDE_LIST.L.LastAllocateMisses)
  }

  /// Expects that a value written through the key path begins `offset` bytes into the structure.
  ///
  /// Members of unions are computed properties in Swift, so that MemoryLayout knows no offset.
  private func expect<Root, Value>(
    _ offset: Int, of path: WritableKeyPath<Root, Value>,
    at location: SourceLocation = #_sourceLocation
  ) {
    let root = filled(with: 0, as: Root.self)
    let value = filled(with: 0xFF, as: Value.self)
    defer {
      root.deallocate()
      value.deallocate()
    }
    root.pointee[keyPath: path] = value.pointee
    let bytes = UnsafeRawBufferPointer(start: root, count: MemoryLayout<Root>.size)
    #expect(bytes.firstIndex { $0 != 0 } == offset, sourceLocation: location)
  }

  private func filled<Value>(with byte: UInt8, as: Value.Type) -> UnsafeMutablePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    UnsafeMutableRawPointer(pointer)
      .initializeMemory(as: UInt8.self, repeating: byte, count: MemoryLayout<Value>.size)
    return pointer
  }
}

/// The addresses of fields that Swift cannot take itself.
@Suite struct FieldTests {
  @Test("The fields of an IRP are reached in place")
  func irp() {
    var irp = IRP()
    withUnsafeMutablePointer(to: &irp) { irp in
      let base = UnsafeRawPointer(irp)
      #expect(UnsafeRawPointer(r3_irp_system_buffer(irp)) - base == 0x18)
      #expect(UnsafeRawPointer(r3_irp_list_entry(irp)) - base == 0xA8)
      #expect(r3_irp_of_list_entry(r3_irp_list_entry(irp)) == irp)
      #expect(UnsafeRawPointer(r3_irp_apc(irp)) - base == 0x78)
      #expect(UnsafeRawPointer(r3_irp_stack(irp)) - base == 0xD0)
    }
  }

  @Test("The parameters of a stack location are reached in place")
  func stackLocation() {
    var location = IO_STACK_LOCATION()
    r3_control(&location).pointee.IoControlCode = 7
    #expect(location.Parameters.DeviceIoControl.IoControlCode == 7)
    r3_transfer(&location).pointee.ByteOffset.QuadPart = 9
    #expect(location.Parameters.Read.ByteOffset.QuadPart == 9)
  }
}
