/// The look of the page: light and dark by the reader's choice, from 360 pixels up.
enum HtmlStyle {
  static let text = """
    :root {
      --paper: #ffffff; --ink: #1c2128; --quiet: #57606a; --rule: #d0d7de; --wash: #f6f8fa;
      --bad: #b3261e; --bad-wash: #fdecea; --good: #1a6b35; --good-wash: #e7f5ec; --link: #0b5cad;
      --prepare: #8a6d00; --driver: #0b5cad; --finish: #1a7f5a;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14181d; --ink: #e6e9ed; --quiet: #9aa4af; --rule: #343b44; --wash: #1d232a;
        --bad: #ff8a80; --bad-wash: #3a1d1c; --good: #7fd89c; --good-wash: #17301f; --link: #79b8ff;
        --prepare: #d9b64a; --driver: #79b8ff; --finish: #63d3a6;
      }
    }
    * { box-sizing: border-box; }
    html { color-scheme: light dark; scroll-behavior: smooth; }
    @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
    body {
      margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 68rem; background: var(--paper);
      color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
      overflow-wrap: anywhere;
    }
    code, .frames, td code { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: .875em; }
    h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
    h2 { margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--rule); font-size: 1.25rem; }
    h3 { margin: 0 0 .5rem; font-size: 1.05rem; }
    h4 { margin: 1rem 0 .25rem; font-size: .9rem; color: var(--quiet); }
    p { margin: .5rem 0; }
    a { color: var(--link); }
    .tool { margin: 0; color: var(--quiet); font-size: .9rem; }
    .outcome { display: inline-block; padding: .25rem .75rem; border-radius: 1rem; font-weight: 600; }
    .outcome.good { color: var(--good); background: var(--good-wash); }
    .outcome.bad { color: var(--bad); background: var(--bad-wash); }
    nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin-top: 1rem; }
    .facts { margin: .75rem 0; display: grid; gap: .15rem 1rem; }
    .facts div { display: grid; grid-template-columns: 7rem 1fr; gap: 0 1rem; }
    .facts dt { color: var(--quiet); }
    .facts dd { margin: 0; }
    .none { color: var(--quiet); }
    .verdict { margin: 1rem 0; padding: 1rem; border: 1px solid var(--rule); border-left: 4px solid var(--bad); border-radius: .4rem; background: var(--wash); }
    .number { color: var(--quiet); font-weight: 400; }
    .badge { margin-left: .5rem; padding: .1rem .5rem; border-radius: 1rem; background: var(--bad-wash); color: var(--bad); font-size: .8rem; font-weight: 600; white-space: nowrap; }
    .place { font-weight: 600; }
    .frames { margin: 0; padding: 0 0 0 2rem; }
    .frames li { padding: .1rem 0; }
    .frames .function { font-weight: 600; }
    .frames code { font-size: 1em; }
    .frames .address { display: block; color: var(--quiet); font-size: .9em; }
    .scroll { overflow-x: auto; }
    .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    table { border-collapse: collapse; width: 100%; font-size: .925rem; overflow-wrap: normal; }
    th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
    th { color: var(--quiet); font-weight: 600; font-size: .85rem; vertical-align: bottom; }
    .figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
    td.note { min-width: 10rem; }
    td.act { min-width: 9rem; }
    .happened { min-width: 13rem; }
    .charts td { vertical-align: middle; }
    tr.bad td { background: var(--bad-wash); }
    tr.bad td:first-child { box-shadow: inset 3px 0 var(--bad); }
    .tag { white-space: pre; }
    svg { display: block; width: 15rem; max-width: 100%; min-width: 8rem; height: 2.5rem; border-bottom: 1px solid var(--rule); }
    path { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
    path.first { stroke: var(--driver); }
    path.second { stroke: var(--prepare); stroke-dasharray: 4 3; }
    .key { display: inline-block; width: .8rem; height: .8rem; border-radius: .15rem; vertical-align: -.05rem; }
    .key.prepare, .bar .prepare { background: var(--prepare); }
    .key.driver, .bar .driver, .lane i, .key.kept { background: var(--driver); }
    .key.finish, .bar .finish { background: var(--finish); }
    .key.depth { background: var(--prepare); }
    .lanes { border: 1px solid var(--rule); border-radius: .25rem; padding: .25rem 0; background: var(--wash); }
    .lane { position: relative; height: .8rem; }
    .lane i { position: absolute; top: .15rem; bottom: .15rem; min-width: 2px; }
    .scale { display: flex; justify-content: space-between; margin: 0 0 1rem; color: var(--quiet); font-size: .85rem; }
    .requests { margin: 0; padding: 0; list-style: none; }
    .requests li { border-bottom: 1px solid var(--rule); padding: .4rem 0; }
    summary { cursor: pointer; padding: .3rem 0; }
    .requests summary { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .2rem 1rem; padding: 0; }
    .what::before { content: "\u{25B8}"; display: inline-block; width: 1rem; color: var(--quiet); }
    [open] > summary .what::before { content: "\u{25BE}"; }
    summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    .line, .when { color: var(--quiet); }
    .when { text-align: right; font-variant-numeric: tabular-nums; }
    .bar { position: relative; grid-column: 1 / -1; height: .6rem; border-radius: .2rem; background: var(--wash); overflow: hidden; }
    .bar i { position: absolute; top: 0; bottom: 0; min-width: 1px; }
    .tree, .tree ul { margin: 0; padding-left: 1.1rem; list-style: none; border-left: 1px solid var(--rule); }
    .tree { padding-left: .5rem; }
    .tree li { padding: .1rem 0; }
    .type { font-weight: 600; }
    .detail { color: var(--quiet); font-size: .9rem; }
    @media (max-width: 40rem) {
      .facts div { grid-template-columns: 1fr; }
      .facts { gap: .4rem; }
      .requests summary { grid-template-columns: minmax(0, 1fr); }
      .when { text-align: left; font-size: .9rem; }
      .frames { padding-left: 1.5rem; }
    }
    @media print { nav { display: none; } .scroll { overflow: visible; } }
    """
}
