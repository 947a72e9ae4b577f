/** What is read together, and is left together where one part of it shows that it leads nowhere. */
export class Branch {
  readonly #above: Branch | null;
  #isLeft = false;

  constructor(above: Branch | null = null) {
    this.#above = above;
  }

  leave(): void {
    this.#isLeft = true;
  }

  throwIfLeft(): void {
    if (this.#isLeft) throw new LeftError();
    this.#above?.throwIfLeft();
  }
}

/** Another part of the branch failed first. */
class LeftError extends Error {
  override readonly name = 'LeftError';
}
