/// The page in Mustache: `{{…}}` is escaped, `{{{…}}}` - the style alone - is not.
enum HtmlTemplate {
  static let page = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>{{title}}: {{summary}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <header>
    <p class="tool">Ring3 run report</p>
    <h1>{{title}}</h1>
    <p class="outcome {{#clean}}good{{/clean}}{{^clean}}bad{{/clean}}">{{summary}}</p>
    <dl class="facts">{{#facts}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/facts}}</dl>
    <nav aria-label="Parts of the report"><a href="#verdicts">Verdicts</a> <a href="#actions">Actions</a> <a href="#requests">Requests</a> <a href="#pool">Pool</a> <a href="#lookaside">Lookaside lists</a> <a href="#objects">Objects</a></nav>
    </header>
    <main>
    <section id="verdicts">
    <h2>Verdicts</h2>
    {{^hasVerdicts}}<p class="none">No rule was broken.</p>{{/hasVerdicts}}
    {{#verdicts}}
    <article class="verdict">
    <h3><span class="number">{{number}}</span> {{name}}{{#endsRun}} <span class="badge">ended the kernel</span>{{/endsRun}}</h3>
    <p>{{mistake}}</p>
    {{#hasRemedy}}<p class="remedy"><b>Remedy:</b> {{remedy}}</p>{{/hasRemedy}}
    {{#hasPlace}}<p class="place"><code>{{place}}</code></p>{{/hasPlace}}
    <dl class="facts">{{#facts}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/facts}}</dl>
    {{#stacks}}{{> frames}}{{/stacks}}
    </article>
    {{/verdicts}}
    {{#hasLeaks}}<h3>Left behind</h3><ul class="leaks">{{#leaks}}<li>{{.}}</li>{{/leaks}}</ul>{{/hasLeaks}}
    </section>
    <section id="actions">
    <h2>Actions</h2>
    {{^hasActions}}<p class="none">Nothing was done.</p>{{/hasActions}}
    {{#hasActions}}<div class="scroll" tabindex="0" role="region" aria-label="Actions"><table>
    <thead><tr><th class="figure">Line</th><th>Action</th><th>Status</th><th class="figure">Bytes</th><th class="figure">Time</th><th>Note</th></tr></thead>
    <tbody>{{#actions}}<tr{{#bad}} class="bad"{{/bad}}><td class="figure">{{line}}</td><td class="act"><code>{{text}}</code></td><td><code>{{status}}</code></td><td class="figure">{{information}}</td><td class="figure">{{duration}}</td><td class="note">{{note}}</td></tr>
    {{/actions}}</tbody>
    </table></div>{{/hasActions}}
    </section>
    <section id="requests">
    <h2>Requests</h2>
    {{#requests}}{{^any}}<p class="none">No read, write or control request was sent.</p>{{/any}}
    {{#any}}
    <p>Steps 1 to 3, until the request is sent: <span class="key prepare"></span> preparing. Steps 4 and 5: <span class="key driver"></span> in the driver. Step 6: <span class="key finish"></span> finishing.</p>
    <div class="lanes" role="img" aria-label="When the requests were under way, over {{span}}">{{#lanes}}<div class="lane">{{#bars}}<i style="left:{{left}}%;width:{{width}}%"></i>{{/bars}}</div>{{/lanes}}</div>
    <p class="scale"><span>0</span><span>{{span}}</span></p>
    <ol class="requests">{{#list}}
    <li><details><summary><span class="what">{{#hasLine}}<span class="line">line {{line}}</span> {{/hasLine}}<code>{{text}}</code></span><span class="when">at {{start}}, {{duration}}</span><span class="bar">{{#segments}}<i class="{{part}}" style="left:{{left}}%;width:{{width}}%" title="{{part}}: {{duration}}"></i>{{/segments}}</span></summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Steps of request {{number}}"><table>
    <thead><tr><th class="figure">Step</th><th class="figure">Time</th><th>What happened</th><th class="figure">IRQL</th><th class="figure">Thread</th></tr></thead>
    <tbody class="points">{{#points}}<tr><td class="figure">{{step}}</td><td class="figure">{{time}}</td><td class="happened">{{text}}</td><td class="figure">{{irql}}</td><td class="figure">{{thread}}</td></tr>
    {{/points}}</tbody>
    </table></div></details></li>{{/list}}
    </ol>
    {{#hasHidden}}<p class="none">{{hidden}} more are not shown.</p>{{/hasHidden}}
    {{/any}}{{/requests}}
    </section>
    <section id="pool">
    <h2>Pool</h2>
    {{^hasPool}}<p class="none">No pool was used.</p>{{/hasPool}}
    {{#hasPool}}<div class="scroll" tabindex="0" role="region" aria-label="Pool by tag"><table class="charts">
    {{> poolHead}}<tbody>{{#changing}}{{> poolRow}}{{/changing}}</tbody>
    </table></div>
    {{#hasConstant}}<details><summary>{{constantCount}} tags that did not change after the drivers were loaded</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Pool by tag, without changes"><table class="charts">
    {{> poolHead}}<tbody>{{#constant}}{{> poolRow}}{{/constant}}</tbody>
    </table></div></details>{{/hasConstant}}{{/hasPool}}
    </section>
    <section id="lookaside">
    <h2>Lookaside lists</h2>
    {{^hasLookaside}}<p class="none">No lookaside list was used.</p>{{/hasLookaside}}
    {{#hasLookaside}}<p><span class="key depth"></span> depth, <span class="key kept"></span> entries kept.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Lookaside lists"><table class="charts">
    <thead><tr><th>Tag</th><th class="figure">Entry</th><th class="figure">Allocations</th><th class="figure">Misses</th><th class="figure">Depth</th><th class="figure">Kept</th><th>Over the actions</th></tr></thead>
    <tbody>{{#lookaside}}<tr><td><code class="tag">{{tag}}</code></td><td class="figure">{{bytes}}</td><td class="figure">{{allocations}}</td><td class="figure">{{misses}}</td><td class="figure">{{depth}}</td><td class="figure">{{kept}}</td><td><svg viewBox="0 0 240 40" preserveAspectRatio="none" role="img" aria-label="{{label}}"><path class="second" d="{{depthPath}}"/><path class="first" d="{{keptPath}}"/></svg></td></tr>
    {{/lookaside}}</tbody>
    </table></div>{{/hasLookaside}}
    </section>
    <section id="objects">
    <h2>Objects</h2>
    {{^hasObjects}}<p class="none">There was no object.</p>{{/hasObjects}}
    {{#hasObjects}}<p>As they were before the drivers were unloaded.</p>
    <ul class="tree">{{#objects}}{{> object}}{{/objects}}</ul>{{/hasObjects}}
    </section>
    </main>
    </body>
    </html>

    """

  static let poolHead = """
    <thead><tr><th>Tag</th><th>Kind</th><th class="figure">Allocations</th><th class="figure">Frees</th><th class="figure">Live at the end</th><th class="figure">Peak</th><th>Bytes over the actions</th></tr></thead>

    """

  static let poolRow = """
    <tr><td><code class="tag">{{tag}}</code></td><td>{{kind}}</td><td class="figure">{{allocations}}</td><td class="figure">{{frees}}</td><td class="figure">{{live}}</td><td class="figure">{{peak}}</td><td><svg viewBox="0 0 240 40" preserveAspectRatio="none" role="img" aria-label="{{label}}"><path class="first" d="{{path}}"/></svg></td></tr>

    """

  static let frames = """
    <h4>{{title}}</h4>
    <ol class="frames">{{#frames}}<li><span class="function">{{function}}</span> <code class="source">{{place}}</code><code class="address">{{address}}</code></li>{{/frames}}</ol>

    """

  static let object = """
    <li><span class="type">{{type}}</span> {{name}} <span class="detail">{{detail}}{{#hasReferences}} <code>{{address}}</code> &times;{{references}}{{/hasReferences}}</span>{{#hasChildren}}<ul>{{#children}}{{> object}}{{/children}}</ul>{{/hasChildren}}</li>
    """
}
