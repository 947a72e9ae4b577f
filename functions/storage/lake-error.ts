/** The lake could not do what was asked of it; says where, what and why in words for a person. The cause has the rest. */
export class LakeError extends Error {
  override readonly name: string = 'LakeError';
}

/** The lake is not for this account, or not for this version of the program: nothing at all is written into it. */
export class LakeRefusedError extends LakeError {
  override readonly name = 'LakeRefusedError';
}

/** The report that is to be made is there already, of a newer program. */
export class NewerReportError extends LakeError {
  override readonly name = 'NewerReportError';
}
