import fc from 'fast-check'

/**
 * One seed for all properties, so that every run of the tests tries the same cases and a failure is there again in the
 * next. `PROPERTY_SEED` tries others: a failure prints its seed.
 */
const SEED = 20_260_206

const given = process.env.PROPERTY_SEED
const seed = given === undefined ? SEED : Number(given)
if (!Number.isSafeInteger(seed)) throw new TypeError(`PROPERTY_SEED is no integer: ${given}`)

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })
