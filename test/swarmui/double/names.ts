/** The server's way with names: equal after cleaning, else the shortest that contains the text. */

export function cleanName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[ [\]]/g, '')
    .replace(/\.safetensors$/, '')
}

export function matchName(wanted: string, names: readonly string[]): string | undefined {
  const clean = cleanName(wanted)
  const equal = names.find((name) => cleanName(name) === clean)
  if (equal !== undefined) return equal
  return names.filter((name) => cleanName(name).includes(clean)).sort((a, b) => a.length - b.length)[0]
}
