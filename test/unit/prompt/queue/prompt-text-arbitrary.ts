import fc from 'fast-check'

const pieces = [
  ...['a', ' ', ', ', '\n', '\\', '(', ')', '{', '}', ':', '|', '[', ']', '<', '>', '0.5', '6AM', '//cid=11', ','],
  ...['<lora:x:0.8>', '<lora:', '<segment:face,0.4,0.5>', '<Segment:', '<region:0,0,1,1>', '<region:end>', '<base>'],
  ...['[a|b]', '[a:0.5]', '[a: b]', '\\[', '\\:', '<random[2]:a|[b]>', '<break>', '\u{1f600}', 'é'],
]

/** Texts made of what matters in a prompt, in any order. */
export const promptText = fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join(''))
