import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Plugin } from 'esbuild'

/** Writes down the licences of all packages that are built in, as they ask for. */
export function licenceNotices(file: string): Plugin {
  return {
    name: 'licence-notices',
    setup(build) {
      build.initialOptions.metafile = true
      build.onEnd(({ metafile }) => {
        const folders = Object.keys(metafile?.inputs ?? {}).flatMap(
          (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
        )
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(
          file,
          [...new Set(folders)]
            .sort()
            .map(noticeOf)
            .join(`\n${'-'.repeat(78)}\n\n`),
        )
      })
    },
  }
}

function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
  if (!licence) throw new Error(`${name} has no licence file: its notice must be written down by hand`)
  return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${licence}`, 'utf8').trim()}\n`
}
