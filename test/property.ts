import fc from 'fast-check';

/** Of the property tests, so that a run is what the one before was. `npm run soak` gives another each time. */
export const SEED = Number(process.env.SEED ?? 20_261_126);

/** The library for property tests, with the seed of this run; how a failure is repeated it says itself. */
fc.configureGlobal({ seed: SEED });

export { fc };
