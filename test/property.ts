import fc from 'fast-check';

/** Of the property tests, so that a run is what the one before was. `npm run soak` gives another each time. */
export const SEED = Number(process.env.SEED ?? 20_261_126);

/** The library for property tests, with the seed of this run; how a failure is repeated it says itself. */
fc.configureGlobal({ seed: SEED });

/** Any character that can be written in UTF-8. The library's own unit 'binary' is the same, but costs each worker 0.8 s. */
export const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point));

/**
 * V8 gives a name that has an escape as another one, if a text before had a name with a backslash at its place
 * (nodejs/node#63785). So a second `JSON.parse` of a text can differ from the first. No source has such names.
 */
const BACKSLASH_IN_NAME = /\\\\(?:[^"\\]|\\.)*"\s*:/;

/** JSON that `JSON.parse` reads the same each time. */
export const anyJson = (constraints: fc.JsonSharedConstraints = {}): fc.Arbitrary<string> =>
  fc.json(constraints).filter((text) => !BACKSLASH_IN_NAME.test(text));

export { fc };
