/** The lake could not do what was asked of it; says where, what and why in words for a person. The cause has the rest. */
export class LakeError extends Error {
  override readonly name = 'LakeError';
}
