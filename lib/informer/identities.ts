/** Numbers for registrations and handler values. Informers that share it never give one number twice. */
export class Identities {
  readonly #handlers = new WeakMap<object, number>();
  #registrations = 0;
  #values = 0;

  /** What the next registration will get, if nobody else comes first. */
  get upcomingRegistrationId(): number {
    return this.#registrations + 1;
  }

  nextRegistrationId(): number {
    return ++this.#registrations;
  }

  /** The same number for the same value, however often it is registered. */
  handlerId(handler: object): number {
    const known = this.#handlers.get(handler);
    if (known !== undefined) return known;
    const id = ++this.#values;
    this.#handlers.set(handler, id);
    return id;
  }
}
