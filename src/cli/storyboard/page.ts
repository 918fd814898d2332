/**
 * The page of a storyboard: one file without scripts, whose pictures are the files that were painted.
 * @module
 */

import type { Finding } from 'storyart-sdk'
import { counted } from '../print/in-words.js'
import type { Board, BoardBeat, BoardScene } from './board.js'
import { Markup, markup } from './markup.js'
import { STYLE } from './style.js'

/**
 * Writes the page.
 *
 * @param board - What it shows.
 * @param from - Where the session comes from, such as `session 1770370006877`.
 * @param linkOf - The link to a picture's file.
 */
export function pageOf(board: Board, from: string, linkOf: (file: string) => string): string {
  const { title, episodeNumber, scenes, totals, findings } = board
  const name =
    [episodeNumber === null ? '' : `Episode ${episodeNumber}`, title].filter(Boolean).join(': ') || 'Storyboard'
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src file: http: https:">
<title>${name}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<h1>${name}</h1>
<div class="facts">${from} · ${counted(totals.beats, 'beat')}, ${totals.wanted} to paint, ${totals.missing} of them without a prompt · ${counted(totals.prompts, 'prompt')} · ${counted(totals.pictures, 'picture')}</div>
<div class="filters">
${[
  filter('all', 'all beats', true),
  filter('only-new', 'new pictures'),
  filter('only-missing', 'without a prompt'),
  filter('only-found', 'with findings'),
]}</div>
${findings.length > 0 && markup`<details><summary>${counted(findings.length, 'finding')} about the whole</summary>${findings.map(findingLine)}</details>`}
${scenes.map((scene) => sceneSection(scene, linkOf))}
</body>
</html>
`.toString()
}

function filter(id: string, label: string, isChecked = false): Markup {
  return markup`<label><input type="radio" name="filter" id="${id}"${isChecked && markup` checked`}> ${label}</label>\n`
}

function sceneSection({ title, number, beats }: BoardScene, linkOf: (file: string) => string): Markup {
  const name = [number === null ? '' : `Scene ${number}`, title].filter(Boolean).join(': ') || 'A scene without a name'
  return markup`<section>
<h2>${name}</h2>
<div class="beats">
${beats.map((beat) => beatCard(beat, linkOf))}</div>
</section>
`
}

function beatCard(beat: BoardBeat, linkOf: (file: string) => string): Markup {
  const classes = [
    'beat',
    beat.isMissing && 'missing',
    beat.findings.length > 0 && 'found',
    beat.decision === 'new picture' && 'new',
  ].filter(Boolean)
  return markup`<article class="${classes.join(' ')}" id="beat-${beat.beatId}">
<header><h3>${beat.beatId}${beat.title && ` · ${beat.title}`}</h3><span class="decision">${beat.decision}</span></header>
${picturesOf(beat, linkOf)}
${beat.action && markup`<p class="action">${beat.action}</p>`}
${beat.script && markup`<p class="script">${beat.script}</p>`}
${beat.findings.map(findingLine)}
${beat.prompts.length > 0 && markup`<details><summary>${beat.prompts.map(({ format }) => format).join(', ')}</summary>${beat.prompts.map(promptText)}</details>`}
</article>
`
}

function picturesOf(
  { pictures, reuses, isMissing, beatId, decision }: BoardBeat,
  linkOf: (file: string) => string,
): Markup {
  if (pictures.length > 0) {
    return markup`<div class="pictures">${pictures.map(
      ({ file, width, height, format, take }) =>
        markup`<img src="${linkOf(file)}" width="${width}" height="${height}" loading="lazy" alt="${beatId}, ${format}, take ${take}">`,
    )}</div>`
  }
  if (reuses !== null) return markup`<div class="empty"><a href="#beat-${reuses}">picture of ${reuses}</a></div>`
  if (decision === 'no picture') return markup``
  return markup`<div class="empty">${isMissing ? 'no prompt' : 'not painted'}</div>`
}

function promptText({ format, text, seed }: BoardBeat['prompts'][number]): Markup {
  return markup`<p><b>${format}</b>${seed !== null && ` (seed ${seed})`} ${text}</p>`
}

function findingLine({ severity, code, message }: Finding): Markup {
  return markup`<p class="finding ${severity}">${severity}, ${code}: ${message}</p>`
}
