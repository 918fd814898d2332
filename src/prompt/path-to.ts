/**
 * Writing down where something stands, the way the schema does.
 * @module
 */

/** A path as code: `scenes[2].title`, `prompts["odd key"]`. Long keys are cut, since a key may hold text of the document. */
export function pathTo(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`
  if (!/^[A-Za-z_$][\w$]{0,63}$/.test(key)) {
    return `${parent}[${JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}…` : key)}]`
  }
  return parent ? `${parent}.${key}` : key
}
