const ERASED = /^erased-[0-9a-f]{16}$/;

/** What stands in a row for something that was erased: in place of a customer's id, it is theirs in every row. */
export function toErased(hex: string): string {
  return `erased-${hex.slice(0, 16)}`;
}

/** Whether a chat's customer is one who was erased: they are counted, and nobody can call them back. */
export function isErased(customerId: string | null): boolean {
  return customerId !== null && ERASED.test(customerId);
}
