/**
 * How a storyboard looks: on a screen light or dark, on paper without controls.
 * @module
 */

export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --quiet: #777; --alarm: #c0392b; --warn: #b9770e; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 110rem; padding: 1.5rem; font: 15px/1.45 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; }
h2 { margin: 2.5rem 0 1rem; padding-bottom: .3rem; border-bottom: 2px solid var(--line); font-size: 1.2rem; }
h3 { margin: 0; font-size: .95rem; }
p { margin: .4rem 0 0; }
.facts, .place, .decision, summary { color: var(--quiet); font-size: .85rem; }
.filters { display: inline-flex; gap: 1rem; margin-top: .8rem; font-size: .9rem; }
.beats { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem; }
.beat { padding: .8rem; border: 1px solid var(--line); border-radius: .5rem; break-inside: avoid; overflow-wrap: anywhere; }
.beat header { display: flex; justify-content: space-between; gap: .5rem; align-items: baseline; }
.pictures { display: flex; flex-wrap: wrap; gap: .4rem; margin-top: .5rem; }
.pictures img { max-width: 100%; max-height: 22rem; height: auto; border-radius: .3rem; background: var(--soft); }
.empty { display: grid; place-items: center; aspect-ratio: 16 / 9; margin-top: .5rem; border: 1px dashed var(--line);
  border-radius: .3rem; color: var(--quiet); font-size: .85rem; text-align: center; }
.missing .empty { border-color: var(--alarm); color: var(--alarm); }
.script { white-space: pre-line; }
.action { font-style: italic; }
.decision { white-space: nowrap; }
.finding { font-size: .85rem; }
.error { color: var(--alarm); }
.warning { color: var(--warn); }
details { margin-top: .5rem; }
details p { font-family: ui-monospace, monospace; font-size: .8rem; }
body:has(#only-missing:checked) .beat:not(.missing), body:has(#only-found:checked) .beat:not(.found),
body:has(#only-new:checked) .beat:not(.new) { display: none; }
@media print { body { padding: 0; font-size: 11px; } .filters, details { display: none; } .beats { grid-template-columns: repeat(3, 1fr); } }
`
