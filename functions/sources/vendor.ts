/** The vendor's name as its customers know it. Texts outside this room take it from here. */
export const VENDOR = 'CareSoft';

/** The host that answers for every account. */
export const VENDOR_HOST = 'api.caresoft.vn';

/** The settings that are about the vendor, by what they set. */
export const VENDOR_SETTINGS = {
  baseUrl: 'CARESOFT_BASE_URL',
  token: 'CARESOFT_TOKEN',
  tokenSecret: 'CARESOFT_TOKEN_SECRET',
  requestsPerSecond: 'CARESOFT_REQUESTS_PER_SECOND',
  clock: 'CARESOFT_CLOCK',
  groups: 'CARESOFT_GROUPS',
  services: 'CARESOFT_SERVICES',
  assignees: 'CARESOFT_ASSIGNEES',
} as const;

/** The known length of a lockout, in milliseconds. It counts where an answer names no length, or one that is not believed. */
export const KNOWN_LOCKOUT_MS = 900_000;
