import fc from 'fast-check';

/** Of the property tests, so that a run is what the one before was. `npm run soak` gives another each time. */
export const SEED = Number(process.env.SEED ?? 20_261_126);

/** The library for property tests, with the seed of this run; how a failure is repeated it says itself. */
fc.configureGlobal({ seed: SEED });

/** Any character that can be written in UTF-8. The library's own unit 'binary' is the same, but costs each worker 0.8 s. */
export const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point));

export { fc };
