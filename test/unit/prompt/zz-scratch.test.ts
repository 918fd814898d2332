import fc from 'fast-check'
import { it } from 'vitest'
import { substituteTriggers } from '../../../src/prompt/triggers.js'
const word = fc.constantFrom('Cat','cat','Rose','rose','woman','man','Chen','chen','Dr','The','the','Ann',"O'Brien",'OBrien','x','X','José','Jose\u0301','小明','v1','_a','a','😀','\ud83d','\ude00','__proto__','$&','s','Will','Jones')
const sep = fc.constantFrom(' ',' ',' ',' ','  ','\n','\u00a0','-','.','. ',', ',"'",'"',' "','" ',' (',') ',"'s ",'’s ','/',' <','> ','<lora:','|','$','')
const phrase = (max:number) => fc.array(fc.tuple(word, sep), { minLength: 1, maxLength: max }).map((p) => p.flat().join(''))
const clean = (max:number) => fc.array(word, { minLength: 1, maxLength: max }).map((p) => p.join(' '))
const mix = (m:number) => fc.oneof(phrase(m), clean(m))
const person = fc.record({ character_name: mix(3), base_trigger: mix(3), aliases: fc.array(mix(2), { maxLength: 2 }) })
let total=0, repl=0, unstable=0
it('idem', () => {
  fc.assert(fc.property(fc.array(person,{minLength:1,maxLength:5}), phrase(14), fc.array(mix(2),{maxLength:1}), (characters, text, except) => {
    const c = { episode: { characters } }
    const one = substituteTriggers(text, c, { except })
    const two = substituteTriggers(one.text, c, { except })
    total++; if (one.replaced.length) repl++; if (one.skipped.some(s=>s.reason==='unstable')) { unstable++; if(unstable<12) console.log(JSON.stringify({characters,text,except}), JSON.stringify(one)) }
    if (two.text !== one.text) throw new Error(`${one.text} -> ${two.text}`)
    let r='',from=0; for(const m of one.replaced){ if(m.start<from||text.slice(m.start,m.end)!==m.text) throw new Error('offset'); r+=text.slice(from,m.start)+m.trigger; from=m.end } r+=text.slice(from); if(r!==one.text) throw new Error('rebuild')
  }), { numRuns: 60000 })
  console.log({ total, repl, unstable })
}, 300000)
