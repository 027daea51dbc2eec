import Ring3

// What the kernel holds, after each action.
extension RunRecorder {
  func sample(_ action: Int) {
    for usage in kernel.poolUsage where usage.allocationCount > 0 { add(usage, action) }
    for usage in kernel.lookasideLists { add(usage, action) }
    for object in kernel.objects where !object.path.isEmpty { names[object.address] = object.path }
  }

  private func add(_ usage: PoolTagUsage, _ action: Int) {
    let place = report.pool.firstIndex { $0.tag == usage.name && $0.isPaged == usage.isPaged }
    let index = place ?? report.pool.endIndex
    if place == nil {
      report.pool.append(RunReport.PoolHistory(tag: usage.name, isPaged: usage.isPaged))
    }
    report.pool[index].allocationCount = usage.allocationCount
    report.pool[index].freeCount = usage.freeCount
    report.pool[index].peakByteCount = usage.peakByteCount
    let sample = RunReport.PoolSample(
      action: action, blockCount: usage.liveCount, byteCount: usage.byteCount)
    let last = report.pool[index].samples.last
    if last?.blockCount != sample.blockCount || last?.byteCount != sample.byteCount {
      report.pool[index].samples.append(sample)
    }
  }

  private func add(_ usage: LookasideUsage, _ action: Int) {
    let address = "0x" + hexadecimal(usage.address)
    let place = report.lookasideLists.lastIndex {
      $0.address == address && $0.entryByteCount == usage.entryByteCount && $0.tag == usage.name
        && $0.allocationCount <= usage.allocationCount
    }
    let index = place ?? report.lookasideLists.endIndex
    if place == nil {
      report.lookasideLists.append(
        RunReport.LookasideHistory(
          tag: usage.name, address: address, entryByteCount: usage.entryByteCount))
    }
    report.lookasideLists[index].allocationCount = usage.allocationCount
    report.lookasideLists[index].missCount = usage.missCount
    let sample = RunReport.LookasideSample(
      action: action, depth: usage.depth, keptCount: usage.cachedCount)
    let last = report.lookasideLists[index].samples.last
    if last?.depth != sample.depth || last?.keptCount != sample.keptCount {
      report.lookasideLists[index].samples.append(sample)
    }
  }
}
