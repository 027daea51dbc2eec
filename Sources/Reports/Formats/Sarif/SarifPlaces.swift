/// Where things of a report are, as SARIF says it.
struct SarifPlaces {
  let report: RunReport
  let root: SourceRoot

  /// The place of a verdict: the first line of the sources in the folder that the driver's calls name,
  /// else of sources elsewhere, else the line of the script, else the driver's file.
  func location(of verdict: RunReport.Verdict) -> SarifLog.Location {
    let places = verdict.frames.flatMap(\.places)
    let place = places.first { root.relative($0.file) != nil } ?? places.first
    if let place { return location(place) }
    guard let script = report.script, let line = verdict.scriptLine else { return fallback }
    return SarifLog.Location(
      physicalLocation: SarifLog.PhysicalLocation(
        artifactLocation: artifact(script), region: SarifLog.Region(startLine: max(1, line))))
  }

  /// The file of the first driver.
  var fallback: SarifLog.Location {
    SarifLog.Location(
      physicalLocation: SarifLog.PhysicalLocation(
        artifactLocation: artifact(report.drivers.first?.path ?? report.title),
        region: SarifLog.Region(startLine: 1)))
  }

  /// The causes that have a line, numbered from 1.
  func causes(of verdict: RunReport.Verdict) -> [SarifLog.Location] {
    var locations: [SarifLog.Location] = []
    for cause in verdict.causes {
      guard let place = cause.frames.lazy.compactMap(\.places.first).first else { continue }
      var location = location(place)
      location.id = locations.count + 1
      location.message = SarifLog.Message(text: cause.event)
      locations.append(location)
    }
    return locations
  }

  /// From the causes to the event, from the outermost call to the innermost.
  func flows(of verdict: RunReport.Verdict) -> [SarifLog.CodeFlow]? {
    let steps =
      verdict.causes.flatMap { flow($0.frames, event: $0.event) }
      + flow(verdict.frames, event: verdict.mistake)
    guard !steps.isEmpty else { return nil }
    return [
      SarifLog.CodeFlow(
        message: SarifLog.Message(text: "How the driver came there."),
        threadFlows: [SarifLog.ThreadFlow(locations: steps)])
    ]
  }

  private func flow(_ frames: [RunReport.Frame], event: String) -> [SarifLog.ThreadFlowLocation] {
    let places = Array(frames.flatMap(\.places).reversed())
    return places.enumerated().map { index, place in
      var location = location(place)
      let isLast = index == places.count - 1
      location.message = SarifLog.Message(text: isLast ? event : "calls on, in \(place.function)")
      return SarifLog.ThreadFlowLocation(
        location: location, nestingLevel: index, importance: isLast ? "essential" : "important")
    }
  }

  /// The stacks of the event and of its causes.
  func stacks(of verdict: RunReport.Verdict) -> [SarifLog.Stack]? {
    let all =
      [("the event", verdict.frames)] + verdict.causes.map { ($0.event, $0.frames) }
    let stacks = all.filter { !$0.1.isEmpty }.map { event, frames in
      SarifLog.Stack(message: SarifLog.Message(text: event), frames: frames.map(frame))
    }
    return stacks.isEmpty ? nil : stacks
  }

  private func frame(_ frame: RunReport.Frame) -> SarifLog.StackFrame {
    var location = frame.places.first.map(self.location) ?? SarifLog.Location()
    location.message = SarifLog.Message(text: frame.text)
    if location.logicalLocations == nil, let function = frame.function {
      location.logicalLocations = [self.function(function)]
    }
    return SarifLog.StackFrame(location: location, module: frame.module)
  }

  private func location(_ place: RunReport.Place) -> SarifLog.Location {
    SarifLog.Location(
      physicalLocation: SarifLog.PhysicalLocation(
        artifactLocation: artifact(place.file),
        region: SarifLog.Region(startLine: max(1, place.line))),
      logicalLocations: [function(place.function)])
  }

  private func function(_ name: String) -> SarifLog.LogicalLocation {
    SarifLog.LogicalLocation(fullyQualifiedName: name, kind: "function")
  }

  private func artifact(_ file: String) -> SarifLog.ArtifactLocation {
    if let relative = root.relative(file) {
      return SarifLog.ArtifactLocation(
        uri: SourceRoot.escaped(relative), uriBaseId: SarifReport.rootID)
    }
    return SarifLog.ArtifactLocation(uri: SourceRoot.uri(file))
  }
}
