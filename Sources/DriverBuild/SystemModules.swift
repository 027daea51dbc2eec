/// Which system module exports a function, where its name tells.
enum SystemModules {
  static let kernel = "ntoskrnl.exe"

  /// The module that a driver imports a name from.
  static func module(of name: String) -> String {
    if hal.contains(name) || name.hasPrefix("Hal") { return "HAL.dll" }
    for (prefix, module) in prefixes where hasPrefix(name, prefix) { return module }
    return kernel
  }

  /// Whether a name looks like an export of the kernel: drivers declare undocumented ones themselves.
  static func looksLikeExport(_ name: String) -> Bool {
    kernelPrefixes.contains { hasPrefix(name, $0) }
      || prefixes.contains { hasPrefix(name, $0.prefix) }
      || compilerHelpers.contains(name)
  }

  /// A prefix counts when an upper-case letter follows, or when it ends a word itself.
  private static func hasPrefix(_ name: String, _ prefix: String) -> Bool {
    guard name.hasPrefix(prefix), let next = name.dropFirst(prefix.count).first else {
      return false
    }
    return next.isUppercase || prefix.hasSuffix("_")
  }

  private static let hal: Set<String> = [
    "KeAcquireInStackQueuedSpinLockRaiseToSynch", "KeAcquireQueuedSpinLock",
    "KeAcquireQueuedSpinLockRaiseToSynch", "KeAcquireSpinLockRaiseToSynch", "KeFlushWriteBuffer",
    "KeQueryPerformanceCounter", "KeReleaseQueuedSpinLock", "KeStallExecutionProcessor",
    "KeTryToAcquireQueuedSpinLock", "KfLowerIrql", "KfRaiseIrql",
    "READ_PORT_UCHAR", "READ_PORT_USHORT", "READ_PORT_ULONG", "READ_PORT_BUFFER_UCHAR",
    "READ_PORT_BUFFER_USHORT", "READ_PORT_BUFFER_ULONG", "WRITE_PORT_UCHAR", "WRITE_PORT_USHORT",
    "WRITE_PORT_ULONG", "WRITE_PORT_BUFFER_UCHAR", "WRITE_PORT_BUFFER_USHORT",
    "WRITE_PORT_BUFFER_ULONG",
  ]

  private static let prefixes: [(prefix: String, module: String)] = [
    ("BCrypt", "cng.sys"), ("Class", "CLASSPNP.SYS"), ("Flt", "FLTMGR.SYS"),
    ("Fwpm", "fwpkclnt.sys"), ("Fwps", "fwpkclnt.sys"), ("HidP_", "HIDPARSE.SYS"),
    ("Hid", "HIDCLASS.SYS"), ("Ndis", "NDIS.SYS"), ("Pc", "portcls.sys"), ("Ks", "ks.sys"),
    ("ScsiPort", "SCSIPORT.SYS"), ("StorPort", "storport.sys"), ("Tdi", "TDI.SYS"),
    ("USBD_", "USBD.SYS"), ("VideoPort", "VIDEOPRT.SYS"), ("WdfVersion", "WDFLDR.SYS"),
    ("WdfLdr", "WDFLDR.SYS"), ("WdfRegister", "WDFLDR.SYS"), ("Wsk", "NETIO.SYS"),
    ("WmiComplete", "WMILIB.SYS"),
    ("WmiSystem", "WMILIB.SYS"), ("WmiFire", "WMILIB.SYS"),
  ]

  private static let kernelPrefixes = [
    "Alpc", "Cc", "Cm", "Dbg", "Em", "Etw", "Ex", "Exf", "Exp", "FsRtl", "Hal", "Inbv",
    "Interlocked",
    "Io", "Iof", "Kd", "Ke", "Kf", "Ki", "Ldr", "Lpc", "Lsa", "Mm", "Nls", "Nt", "Ob", "Obf", "Po",
    "Pcw", "Pf", "Ps", "Rtl", "Rtlx", "Sd", "Se", "Tm", "Vf", "Wdmlib", "Wmi", "Zw",
  ]

  /// What compiled code calls without saying so.
  private static let compilerHelpers: Set<String> = [
    "__C_specific_handler", "__chkstk", "memcmp", "memcpy", "memmove", "memset", "_setjmp",
    "_setjmpex", "longjmp",
  ]
}

extension SystemModules {
  private static let variables: Set<String> = [
    "KdDebuggerEnabled", "KdDebuggerNotPresent", "KeNumberProcessors", "NtBuildNumber",
    "InitSafeBootMode", "PsInitialSystemProcess", "PsThreadType", "PsProcessType",
    "MmHighestUserAddress", "MmSystemRangeStart", "MmUserProbeAddress",
  ]

  /// The line of a module definition for an import.
  ///
  /// A variable that sources declare as a pointer is the import itself: `*PsThreadType`.
  static func definition(_ name: String) -> String {
    variables.contains(name) || name.hasSuffix("ObjectType") && name != "ObGetObjectType"
      ? name + " CONSTANT" : name
  }
}
