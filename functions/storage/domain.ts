/** The last part of an account's address, in lower case: CareSoft's host may change, and a domain is one however it is written. */
export function domainOf(source: string): string {
  return toDomain(
    source
      .trim()
      .split('/')
      .findLast((part) => part !== '') ?? '',
  );
}

/** A domain as it is compared. */
export function toDomain(text: string): string {
  return text.trim().toLowerCase();
}
